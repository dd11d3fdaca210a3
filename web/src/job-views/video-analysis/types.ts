import type { VideoAnalysisInput } from "../../../../functions/src/jobs/video-analysis/schemas.ts";

// The one file of this view that names the deployment's code: types only, so that no schema is in the page.
export type {
  CommentClass,
  CommentInput,
  Sentiment,
  Theme,
  VideoAnalysisOutput,
} from "../../../../functions/src/jobs/video-analysis/schemas.ts";

/** The input of `video.analysis` as a submission gives it: fields with a default may be absent. */
export type VideoAnalysisRequest = (typeof VideoAnalysisInput)["_input"];
