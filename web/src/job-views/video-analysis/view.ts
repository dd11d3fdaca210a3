import type { TypeView } from "../type-view.ts";

/** Shows the jobs of type `video.analysis`. */
export const videoAnalysisView: TypeView = {
  steps: [
    { step: "fetching", label: "Fetch", doing: "Fetching comments" },
    { step: "sentiment", label: "Sentiment", doing: "Reading sentiment" },
    { step: "classification", label: "Classes", doing: "Classifying comments" },
    { step: "insights", label: "Themes", doing: "Finding themes" },
    { step: "summary", label: "Summary", doing: "Writing the summary" },
  ],
  advice: new Map([
    ["invalid-video", "Copy the address of the video from YouTube and submit it again."],
    ["video-not-found", "Check that the video exists and is public, then submit it again."],
    ["comments-disabled", "This video takes no comments. Choose another one, or paste comments yourself."],
    ["youtube-quota-exceeded", "Until then, paste the comments yourself: nothing is fetched for those."],
    ["youtube-rate-limited", "Submit it again in a few minutes, or paste the comments yourself."],
    ["youtube-unavailable", "Submit it again later, or paste the comments yourself."],
    ["youtube-key-invalid", "Until then, paste the comments yourself: nothing is fetched for those."],
  ]),
  isInputShown: false,
  loadForm: async () => (await import("./new-analysis.tsx")).NewAnalysis,
  loadResult: async () => (await import("./analysis-result.tsx")).AnalysisResult,
};
