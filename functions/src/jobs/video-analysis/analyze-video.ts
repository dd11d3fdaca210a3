import type { JobContext } from "@baton/engine";
import { cleanText } from "./clean-text.ts";
import type { VideoCompute } from "./compute.ts";
import { excerptsWithin } from "./excerpts.ts";
import { fetchMaterial, type YouTubePorts } from "./fetch-material.ts";
import { MAX_OUTPUT_TEXT_CHARS, type VideoAnalysisInput, type VideoAnalysisOutput } from "./schemas.ts";
import { sleepUntilReset } from "./sleep-until-reset.ts";
import { parseVideoId, videoUrl } from "./video-id.ts";
import type { RawComment } from "./youtube-client.ts";

/**
 * Budget of the fetched comments' texts in an output, in bytes of JSON. With it an output of 5,000 comments stays below
 * 830,000 bytes, of the 921,600 that a job may store: the rest of an entry takes at most 95, insights and summary less
 * than 55,000.
 */
const TEXTS_BUDGET_BYTES = 300_000;

/** Gathers the comments, has them analysed in a compute process, and adds the texts of those that were fetched. */
export async function analyzeVideo(
  context: JobContext<VideoCompute>,
  input: VideoAnalysisInput,
  openYouTube: () => Promise<YouTubePorts> | YouTubePorts,
): Promise<VideoAnalysisOutput> {
  const { video, comments, isFetched } = await gather(openYouTube, input, context);
  const analysis = await context.compute("analyze", {
    comments: comments.slice(0, input.maxComments),
    switches: input,
  });
  return {
    ...(video !== undefined && { video }),
    ...analysis,
    ...(isFetched && { comments: withTexts(analysis.comments, comments) }),
  };
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
  openYouTube: () => Promise<YouTubePorts> | YouTubePorts,
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
