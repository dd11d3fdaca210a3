import { VideoAnalysisInput, VideoAnalysisOutput } from "@baton/protocol";
import { defineJob, type JobContext } from "../define-job.ts";
import { parseVideoId, videoUrl } from "./video-id.ts";
import { fetchComments, fetchVideo, type RawComment, type YouTubeConfig } from "./youtube-client.ts";

/**
 * The job type `video.analysis`: sentiment, classes, themes, questions and a summary of the comments of a video. Comments that come
 * with the input are analysed as they are; without them they are fetched from YouTube.
 */
export function videoAnalysis(youtube: YouTubeConfig) {
  return defineJob({
    type: "video.analysis",
    input: VideoAnalysisInput,
    output: VideoAnalysisOutput,
    retry: { maxAttempts: 5, minDelayMs: 1000, maxDelayMs: 60_000 },
    async run(context, input) {
      const { video, comments } = await gather(youtube, input, context);
      // Loaded here, not at the top: the API function imports this file for its schemas and never needs the language model.
      const { analyzeComments } = await import("./analyze-comments.ts");
      const analysis = await analyzeComments(comments.slice(0, input.maxComments), input, context);
      return { ...(video !== undefined && { video }), ...analysis };
    },
  });
}

interface Material {
  video?: NonNullable<VideoAnalysisOutput["video"]>;
  comments: readonly RawComment[];
}

async function gather(youtube: YouTubeConfig, input: VideoAnalysisInput, context: JobContext): Promise<Material> {
  const id = input.videoUrlOrId === undefined ? undefined : parseVideoId(input.videoUrlOrId);
  const given = input.comments?.map(({ text, likes }) => ({ text, ...(likes !== undefined && { likes }) }));
  if (id === undefined) return { comments: given ?? [] };
  const video = { id, url: videoUrl(id) };
  if (given !== undefined) return { video, comments: given };
  context.progress(0.2, "fetching");
  const facts = await fetchVideo(youtube, id, context.signal);
  return {
    video: { ...video, ...facts },
    comments: await fetchComments(youtube, id, input.maxComments, context.signal),
  };
}
