import { VideoAnalysisOutput } from "../../functions/src/jobs/video-analysis/schemas.ts";
import sampleComments from "../../web/src/job-views/video-analysis/sample-comments.json" with { type: "json" };
import type { Demo } from "./demo.ts";
import { renderAnalysis } from "./render-analysis.ts";

/** Analyses the console's sample of real comments. */
export const videoAnalysisDemo: Demo = {
  timeoutMs: 60_000,
  prepare: async () => ({
    subject: `${sampleComments.length} real comments`,
    ports: [],
    submit: (client, webhookUrl) => client.submit("video.analysis", { comments: sampleComments }, { webhookUrl }),
    render: ({ output, width, paint }) => renderAnalysis(VideoAnalysisOutput.parse(output), width, paint),
    stop: async () => {},
  }),
};
