import type { Stage } from "../../../../functions/src/jobs/pipeline-run/presets/preset.ts";
import type { pipelineInput } from "../../../../functions/src/jobs/pipeline-run/schemas.ts";

// The one file of this view that names the deployment's code: types only, so that no schema is in the page.
export type { State } from "../../../../functions/src/jobs/pipeline-run/presets/stage-facts.ts";
export type { PipelineOutput, StageRecord } from "../../../../functions/src/jobs/pipeline-run/schemas.ts";

/** The name of a stage. */
export type StageName = Stage["stage"];

/** The input of `pipeline.run` as a submission gives it: fields with a default may be absent. */
export type PipelineRequest = ReturnType<typeof pipelineInput>["_input"];
