import type { ComputeScope } from "@baton/engine";
import type { Switches } from "./analyze-comments.ts";
import type { RawComment } from "./youtube-client.ts";

/** The input of an analysis. */
interface AnalysisInput {
  comments: readonly RawComment[];
  switches: Switches;
}

/** Analyses comments; see `analyzeComments`. The language model is loaded in the process that computes. */
async function analyze({ comments, switches }: AnalysisInput, { progress }: ComputeScope) {
  const { analyzeComments } = await import("./analyze-comments.ts");
  // To end this work is to end its process.
  return analyzeComments(comments, switches, { signal: new AbortController().signal, progress });
}

/** The compute functions of `video.analysis`. */
export const videoCompute = { analyze };
export type VideoCompute = typeof videoCompute;
