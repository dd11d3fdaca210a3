import type { JobContext } from "@baton/engine";
import type { VoiceSettings } from "../../content/voice.ts";
import type { PipelineCompute } from "./compute.ts";
import type { PipelinePorts } from "./ports.ts";
import type { Preset } from "./presets/preset.ts";
import { runStages } from "./run-stages.ts";
import type { PipelineInput, PipelineOutput } from "./schemas.ts";
import { needed } from "./stages/products.ts";

/** Does the work of a job: the stages of its preset, one after the other. */
export async function runPipeline(
  context: JobContext<PipelineCompute, VoiceSettings>,
  input: PipelineInput,
  presets: readonly Preset[],
  ports: PipelinePorts,
): Promise<PipelineOutput> {
  const preset = presets.find(({ name }) => name === input.preset);
  if (preset === undefined) throw new Error(`There is no preset ${input.preset} in this deployment.`);
  const { products, stages } = await runStages({ context, input, preset, ports });
  const { music } = products;
  return {
    preset: preset.name,
    metadata: input.metadata,
    script: needed(products, "script"),
    voice: ports.voice.name,
    ...(music && {
      music: { mood: music.mood, beatsAMinute: music.piece.beatsAMinute, notes: music.piece.notes.length },
    }),
    durationMs: needed(products, "narrated").timeline.durationMs,
    frame: preset.frame,
    files: products.files,
    quality: needed(products, "quality"),
    stages,
  };
}
