import { type ComputeScope, defineJob, type JobContext } from "@baton/engine";
import type { Switches } from "./analyze-comments.ts";
import { cleanText } from "./clean-text.ts";
import { excerptsWithin } from "./excerpts.ts";
import { fetchMaterial, type YouTubePorts } from "./fetch-material.ts";
import { MAX_OUTPUT_TEXT_CHARS, VideoAnalysisInput, VideoAnalysisOutput } from "./schemas.ts";
import { VideoSettings } from "./settings.ts";
import { sleepUntilReset } from "./sleep-until-reset.ts";
import { parseVideoId, videoUrl } from "./video-id.ts";
import type { RawComment } from "./youtube-client.ts";

/**
 * Budget of the fetched comments' texts in an output, in bytes of JSON. With it an output of 5,000 comments stays below
 * 830,000 bytes, of the 921,600 that a job may store: the rest of an entry takes at most 95, insights and summary less
 * than 55,000.
 */
const TEXTS_BUDGET_BYTES = 300_000;

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
    compute: { analyze },
    async run(context, input) {
      const { video, comments, isFetched } = await gather(() => youtubeOf(context.settings), input, context);
      const analysis = await context.compute("analyze", {
        comments: comments.slice(0, input.maxComments),
        switches: input,
      });
      return {
        ...(video !== undefined && { video }),
        ...analysis,
        ...(isFetched && { comments: withTexts(analysis.comments, comments) }),
      };
    },
  });
}

type Awaitable<T> = T | Promise<T>;

/** Loads what only a worker needs when it is first used. */
async function deployedYouTube(settings: VideoSettings): Promise<YouTubePorts> {
  const { youtubePorts } = await import("./youtube-ports.ts");
  return youtubePorts(settings);
}

/** The input of an analysis. */
interface AnalysisInput {
  comments: readonly RawComment[];
  switches: Switches;
}

/**
 * Loads the analysis when it is first used: the other functions import this file for its schemas and never need the
 * language model.
 */
async function analyze({ comments, switches }: AnalysisInput, { progress }: ComputeScope) {
  const { analyzeComments } = await import("./analyze-comments.ts");
  // To end this work is to end its process.
  return analyzeComments(comments, switches, { signal: new AbortController().signal, progress });
}

interface Material {
  video?: NonNullable<VideoAnalysisOutput["video"]>;
  comments: readonly RawComment[];
  /** The caller does not know the comments. */
  isFetched: boolean;
}

type OutputComments = VideoAnalysisOutput["comments"];

function withTexts(judged: OutputComments, comments: readonly RawComment[]): OutputComments {
  const texts = comments.map((comment) => cleanText(comment.text));
  const excerpts = excerptsWithin(texts, MAX_OUTPUT_TEXT_CHARS, TEXTS_BUDGET_BYTES);
  return judged.map(({ index, ...judgement }) => ({ index, text: excerpts[index] ?? "", ...judgement }));
}

async function gather(
  openYouTube: () => Awaitable<YouTubePorts>,
  input: VideoAnalysisInput,
  context: JobContext,
): Promise<Material> {
  const id = input.videoUrlOrId === undefined ? undefined : parseVideoId(input.videoUrlOrId);
  const given = input.comments?.map(({ text, likes }) => ({ text, ...(likes !== undefined && { likes }) }));
  if (id === undefined) return { comments: given ?? [], isFetched: false };
  const video = { id, url: videoUrl(id) };
  if (given !== undefined) return { video, comments: given, isFetched: false };
  context.progress(0.2, "fetching");
  const youtube = await openYouTube();
  const fetch = () => fetchMaterial(youtube, id, input.maxComments, context);
  const { facts, comments } = await sleepUntilReset(context, fetch);
  return { video: { ...video, ...facts }, comments, isFetched: true };
}
