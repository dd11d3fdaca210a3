import { defineJob } from "@baton/engine";
import { VoiceSettings } from "../../content/voice.ts";
import { pipelineCompute } from "./compute.ts";
import { deployedPorts } from "./ports.ts";
import { PRESETS, presetView } from "./presets/index.ts";
import { Preset } from "./presets/preset.ts";
import { PipelineOutput, pipelineInput } from "./schemas.ts";

/**
 * The job type `pipeline.run`: a text becomes a video with its parts, by the stages of a preset. Its work is loaded
 * with the first job: the API reads only schemas and presets. Throws when a preset is wrong, so that a deployment with
 * it does not start.
 */
export function pipelineRun(presets: readonly Preset[] = PRESETS, portsOf: typeof deployedPorts = deployedPorts) {
  for (const preset of presets) Preset.parse(preset);
  return defineJob({
    type: "pipeline.run",
    queue: "heavy",
    input: pipelineInput(presets),
    output: PipelineOutput,
    catalogs: { presets: presets.map(presetView) },
    settings: VoiceSettings,
    secrets: ["TEXT_TO_SPEECH_API_KEY"],
    retry: { maxAttempts: 4, minDelayMs: 2000, maxDelayMs: 120_000 },
    compute: pipelineCompute,
    computeLimits: { timeoutMs: 60_000, memoryMb: 640 },
    async run(context, input) {
      const { runPipeline } = await import("./run-pipeline.ts");
      return runPipeline(context, input, presets, await portsOf(context.settings, context.compute));
    },
  });
}
