import { defineJob } from "@baton/engine";
import { videoCompute } from "./compute.ts";
import type { YouTubePorts } from "./fetch-material.ts";
import { VideoAnalysisInput, VideoAnalysisOutput } from "./schemas.ts";
import { VideoSettings } from "./settings.ts";

/**
 * The job type `video.analysis`: sentiment, classes, themes, questions and a summary of the comments of a video.
 * Analyses the comments of the input. Without them it fetches comments from YouTube, and the output has their texts.
 */
export function videoAnalysis(youtubeOf: (settings: VideoSettings) => Awaitable<YouTubePorts> = deployedYouTube) {
  return defineJob({
    type: "video.analysis",
    input: VideoAnalysisInput,
    output: VideoAnalysisOutput,
    settings: VideoSettings,
    secrets: ["YOUTUBE_API_KEY"],
    retry: { maxAttempts: 5, minDelayMs: 1000, maxDelayMs: 60_000 },
    compute: videoCompute,
    async run(context, input) {
      const { analyzeVideo } = await import("./analyze-video.ts");
      return analyzeVideo(context, input, () => youtubeOf(context.settings));
    },
  });
}

type Awaitable<T> = T | Promise<T>;

/** Loads what only a worker needs when it is first used. */
async function deployedYouTube(settings: VideoSettings): Promise<YouTubePorts> {
  const { youtubePorts } = await import("./youtube-ports.ts");
  return youtubePorts(settings);
}
