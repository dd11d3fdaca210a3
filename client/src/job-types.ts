import type { VideoAnalysisInput, VideoAnalysisOutput } from "@baton/protocol";
import type { JobResultView } from "./views.ts";

/** What each job type takes and gives. */
export type JobTypeMap = Record<string, { input: unknown; output: unknown }>;

/**
 * The job types Baton comes with. A project with its own adds them as a type argument:
 * `createBatonClient<JobTypes & { "image.resize": { input: ResizeInput; output: ResizeOutput } }>(...)`.
 */
export type JobTypes = {
  "video.analysis": { input: (typeof VideoAnalysisInput)["_input"]; output: VideoAnalysisOutput };
};

/** A result whose job type is known, and with it the type of its output. */
export type JobResultOf<Types, Type extends keyof Types & string> = Omit<JobResultView, "output" | "type"> & {
  type: Type;
  /** Present when completed. */
  output?: Types[Type] extends { output: infer Output } ? Output : never;
};
