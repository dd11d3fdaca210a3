import type { JobContext } from "@baton/engine";
import { deployedVoice, type VoiceSettings } from "../../content/voice.ts";
import type { SpeechSynthesizer } from "../../media/speech/speech-synthesizer.ts";
import type { PipelineCompute } from "./compute.ts";

/** The outside services that a job uses. */
export interface PipelinePorts {
  /** Speaks the narration. */
  voice: SpeechSynthesizer;
  /** The time, for the history of stages. */
  now(): Date;
}

/** The voice that a deployment's settings name, and the clock of the machine. */
export async function deployedPorts(
  settings: VoiceSettings,
  compute: JobContext<PipelineCompute>["compute"],
): Promise<PipelinePorts> {
  const voice = await deployedVoice(settings, (request, options) => compute("speak", request, options));
  return { voice, now: () => new Date() };
}
