import type { JobContext } from "@baton/engine";
import type { VoiceSettings } from "../../../content/voice.ts";
import type { PipelineCompute } from "../compute.ts";
import type { PipelinePorts } from "../ports.ts";
import type { Preset, Stage, StageNamed } from "../presets/preset.ts";
import type { PipelineInput } from "../schemas.ts";
import type { Products } from "./products.ts";

/** The surroundings of a run of stages. */
export interface PipelineRun {
  context: Pick<JobContext<PipelineCompute, VoiceSettings>, "step" | "compute" | "files" | "signal" | "progress">;
  input: PipelineInput;
  preset: Preset;
  ports: PipelinePorts;
}

/** The surroundings of one stage. */
export interface StageScope extends Omit<PipelineRun, "context"> {
  step: PipelineRun["context"]["step"];
  compute: PipelineRun["context"]["compute"];
  files: PipelineRun["context"]["files"];
  /** Aborts with the job's own, and when the time of the stage is over. The work of every step ends with it. */
  signal: AbortSignal;
  /** Reports how far the stage is, 0 to 1. */
  progress(fraction: number): void;
}

/** Does a stage and gives what it made. All its work is in steps and files of the job: a retry repeats none that is done. */
export type StageWork<Name extends Stage["stage"]> = (
  scope: StageScope,
  stage: StageNamed<Name>,
  products: Products,
) => Promise<Partial<Products>>;
