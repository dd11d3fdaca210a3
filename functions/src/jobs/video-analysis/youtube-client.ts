import { PermanentError, RetryableError } from "@baton/engine";
import { storableText } from "@baton/engine/kit";
import { z } from "zod";
import { youtubeError } from "./youtube-errors.ts";

/** Where the YouTube Data API v3 is, and the key to it. */
export interface YouTubeConfig {
  baseUrl: string;
  apiKey: string;
  /** The most pages of comments that one job reads: 1 or more; 60 when absent. */
  maxPages?: number;
  /** Called before each request, which costs one unit of quota; when it rejects, the request is not made. */
  beforeRequest?(): Promise<void>;
}

/** Facts about a video from the API. */
export interface VideoFacts {
  title?: string;
  channel?: string;
  publishedAt?: string;
  commentCount?: number;
}

/** A comment as it came, not cleaned yet. */
export interface RawComment {
  text: string;
  publishedAt?: string;
  likes?: number;
}

/**
 * A page of comments is small and comes in well under a second; a request that hangs is given up, and the job is tried
 * again.
 */
const REQUEST_TIMEOUT_MS = 10_000;
/** The API's own largest page: https://developers.google.com/youtube/v3/docs/commentThreads/list */
export const MAX_PAGE_SIZE = 100;
/** The pages of 5,000 comments, and some that come half empty. */
export const DEFAULT_MAX_PAGES = 60;
/** Longest text the analysis takes; YouTube's own limit. */
const MAX_TEXT_CHARS = 10_000;

const VideoPage = z.object({
  items: z
    .array(
      z.object({
        snippet: z
          .object({ title: z.string(), channelTitle: z.string(), publishedAt: z.string() })
          .partial()
          .default({}),
        statistics: z
          .object({ commentCount: z.coerce.number().int().min(0) })
          .partial()
          .default({}),
      }),
    )
    .default([]),
});

const CommentSnippet = z.object({
  textDisplay: z.string(),
  likeCount: z.int().min(0).optional(),
  publishedAt: z.string().optional(),
});
const CommentPage = z.object({
  nextPageToken: z.string().optional(),
  items: z
    .array(z.object({ snippet: z.object({ topLevelComment: z.object({ snippet: CommentSnippet }) }) }))
    .default([]),
});

/**
 * Reads the facts of a video. Costs 1 unit of the day's quota. Throws a `PermanentError` `video-not-found` when there
 * is no such video, and else as `fetchComments` does.
 */
export async function fetchVideo(config: YouTubeConfig, id: string, signal: AbortSignal): Promise<VideoFacts> {
  const page = await get(config, VideoPage, "videos", { part: "snippet,statistics", id }, signal);
  const video = page.items[0];
  if (video === undefined) throw youtubeError(404, { error: { errors: [{ reason: "videoNotFound" }] } });
  const { title, channelTitle, publishedAt } = video.snippet;
  const { commentCount } = video.statistics;
  return {
    ...(title !== undefined && { title }),
    ...(channelTitle !== undefined && { channel: channelTitle }),
    ...(publishedAt !== undefined && { publishedAt }),
    ...(commentCount !== undefined && { commentCount }),
  };
}

/**
 * Reads the newest top-level comments of a video, page by page, `maxComments` (1 or more) and `maxPages` of the
 * configuration at most. Each page costs 1 unit of quota. Throws `PermanentError` or `RetryableError` as `youtubeError`
 * tells them apart, and the signal's reason when it aborts.
 */
export async function fetchComments(
  config: YouTubeConfig,
  videoId: string,
  maxComments: number,
  signal: AbortSignal,
): Promise<RawComment[]> {
  const comments: RawComment[] = [];
  const tokensSeen = new Set<string>();
  let pageToken: string | undefined;
  do {
    const maxResults = Math.min(MAX_PAGE_SIZE, maxComments - comments.length);
    const query = { part: "snippet", videoId, textFormat: "plainText", maxResults: String(maxResults) };
    const paged = pageToken === undefined ? query : { ...query, pageToken };
    const page: z.output<typeof CommentPage> = await get(config, CommentPage, "commentThreads", paged, signal);
    for (const item of page.items) comments.push(rawComment(item.snippet.topLevelComment.snippet));
    pageToken = page.nextPageToken;
    // A token that comes back again would have us read the same pages for ever.
    if (pageToken !== undefined && tokensSeen.has(pageToken)) break;
    if (pageToken !== undefined) tokensSeen.add(pageToken);
    if (tokensSeen.size >= (config.maxPages ?? DEFAULT_MAX_PAGES)) break;
  } while (pageToken !== undefined && comments.length < maxComments);
  return comments.slice(0, maxComments);
}

function rawComment({ textDisplay, likeCount, publishedAt }: z.output<typeof CommentSnippet>): RawComment {
  return {
    text: storableText(textDisplay, MAX_TEXT_CHARS),
    ...(likeCount !== undefined && { likes: likeCount }),
    ...(publishedAt !== undefined && { publishedAt }),
  };
}

/** The key goes into a header: an address ends up in logs and errors, a header does not. */
async function get<Page extends z.ZodType>(
  config: YouTubeConfig,
  schema: Page,
  method: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<z.output<Page>> {
  const url = `${config.baseUrl}/${method}?${new URLSearchParams(query)}`;
  const headers: Record<string, string> = config.apiKey === "" ? {} : { "X-goog-api-key": config.apiKey };
  await config.beforeRequest?.();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { headers, signal: limit, redirect: "error" });
    const text = await response.text();
    if (!response.ok) throw youtubeError(response.status, parseJson(text));
    const page = schema.safeParse(parseJson(text));
    if (page.success) return page.data;
    throw new RetryableError("youtube-unavailable", "YouTube's answer could not be read.", { cause: page.error });
  } catch (error) {
    if (error instanceof PermanentError || error instanceof RetryableError) throw error;
    signal.throwIfAborted();
    throw new RetryableError("youtube-unavailable", "YouTube could not be reached.", { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: a proxy's page, or an answer cut short. The status decides what that means.
    return undefined;
  }
}
