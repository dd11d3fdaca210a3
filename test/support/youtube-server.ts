import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A refusal of the API: its status and the `reason` that its documents list. */
export interface YouTubeFailure {
  status: number;
  reason: string;
  /** Number of requests for this video that are refused before the rest succeed. Absent: all. */
  times?: number;
}

/** A comment as a test gives it; what is absent gets a plausible value. */
export interface YouTubeComment {
  text: string;
  likes?: number;
  publishedAt?: string;
}

/** The server's answer for one video. A video that was not described is not found. */
export interface YouTubeVideo {
  comments?: readonly YouTubeComment[];
  title?: string;
  fail?: YouTubeFailure;
  /** Every answer waits this long, or for ever: then only the client ends the request. */
  delayMs?: number | "forever";
}

export interface YouTubeServer {
  /** Value for `YOUTUBE_API_BASE_URL`. */
  readonly baseUrl: string;
  /** Every request so far, the oldest first. `key` is the API key it carried. */
  readonly requests: { path: string; query: Record<string, string>; key: string | undefined }[];
  /** Describes the video `id`, also one described before. */
  video(id: string, video: YouTubeVideo): void;
  /** Ends every connection, those that hang too. */
  stop(): Promise<void>;
}

/**
 * A local HTTP server that answers `videos` and `commentThreads` as the YouTube Data API v3 does
 * (https://developers.google.com/youtube/v3/docs): the same shapes, paging and error bodies.
 */
export async function startYouTubeServer(): Promise<YouTubeServer> {
  const videos = new Map<string, YouTubeVideo>();
  const refusals = new Map<string, number>();
  const requests: YouTubeServer["requests"] = [];
  const waiting = new Set<NodeJS.Timeout>();

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const query = Object.fromEntries(url.searchParams);
    requests.push({ path: url.pathname, query, key: keyOf(request, query) });
    const id = query.videoId ?? query.id ?? "";
    const video = videos.get(id);
    if (video?.delayMs === "forever") return;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      send(response, answer(url.pathname, query, video, takeFailure(id, video, refusals)));
    }, video?.delayMs ?? 0);
    waiting.add(timer);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");

  return {
    baseUrl: `http://127.0.0.1:${address.port}/youtube/v3`,
    requests,
    video(id, video) {
      videos.set(id, video);
      refusals.delete(id);
    },
    async stop() {
      for (const timer of waiting) clearTimeout(timer);
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
  response.end(JSON.stringify(body));
}

function keyOf(request: IncomingMessage, query: Record<string, string>): string | undefined {
  const header = request.headers["x-goog-api-key"];
  return typeof header === "string" ? header : query.key;
}

function takeFailure(
  id: string,
  video: YouTubeVideo | undefined,
  refusals: Map<string, number>,
): YouTubeFailure | undefined {
  const fail = video?.fail;
  if (fail === undefined) return undefined;
  const soFar = refusals.get(id) ?? 0;
  refusals.set(id, soFar + 1);
  return fail.times === undefined || soFar < fail.times ? fail : undefined;
}

function answer(
  path: string,
  query: Record<string, string>,
  video: YouTubeVideo | undefined,
  failure: YouTubeFailure | undefined,
): { status: number; body: unknown } {
  const refuse = (refusal: YouTubeFailure) => ({ status: refusal.status, body: errorBody(refusal) });
  if (failure !== undefined) return refuse(failure);
  if (path.endsWith("/videos")) return { status: 200, body: videoPage(query.id ?? "", video) };
  if (!path.endsWith("/commentThreads")) return refuse({ status: 404, reason: "notFound" });
  if (video === undefined) return refuse({ status: 404, reason: "videoNotFound" });
  return { status: 200, body: commentPage(query, video.comments ?? []) };
}

function errorBody({ status, reason }: YouTubeFailure) {
  const message = `The request cannot be completed: ${reason}.`;
  return { error: { code: status, message, errors: [{ message, domain: "youtube.test", reason }] } };
}

function videoPage(id: string, video: YouTubeVideo | undefined) {
  const found = video === undefined ? [] : [videoResource(id, video)];
  return {
    kind: "youtube#videoListResponse",
    etag: `"videos-${id}"`,
    items: found,
    pageInfo: { totalResults: found.length, resultsPerPage: found.length },
  };
}

function videoResource(id: string, { title, comments }: YouTubeVideo) {
  return {
    kind: "youtube#video",
    etag: `"video-${id}"`,
    id,
    snippet: {
      publishedAt: "2012-07-15T07:46:32Z",
      channelId: "UC0000000000000000000000",
      title: title ?? `Video ${id}`,
      description: "",
      channelTitle: "A channel",
    },
    // The API sends counts as text.
    statistics: { viewCount: "1000", likeCount: "10", commentCount: String(comments?.length ?? 0) },
  };
}

function commentPage(query: Record<string, string>, comments: readonly YouTubeComment[]) {
  const from = Number(query.pageToken?.replace("page-", "") ?? 0);
  const size = Math.min(100, Number(query.maxResults ?? 20));
  const page = comments.slice(from, from + size);
  const next = from + size;
  return {
    kind: "youtube#commentThreadListResponse",
    etag: `"comments-${from}"`,
    ...(next < comments.length && { nextPageToken: `page-${next}` }),
    pageInfo: { totalResults: page.length, resultsPerPage: size },
    items: page.map((comment, offset) => threadResource(query.videoId ?? "", from + offset, comment)),
  };
}

function threadResource(videoId: string, position: number, { text, likes, publishedAt }: YouTubeComment) {
  const id = `comment-${position}`;
  const at = publishedAt ?? "2024-01-02T03:04:05Z";
  const snippet = {
    channelId: "UC0000000000000000000000",
    videoId,
    textDisplay: text,
    textOriginal: text,
    authorDisplayName: "@someone",
    canRate: true,
    viewerRating: "none",
    likeCount: likes ?? 0,
    publishedAt: at,
    updatedAt: at,
  };
  return {
    kind: "youtube#commentThread",
    etag: `"thread-${id}"`,
    id,
    snippet: {
      channelId: "UC0000000000000000000000",
      videoId,
      topLevelComment: { kind: "youtube#comment", etag: `"${id}"`, id, snippet },
      canReply: true,
      totalReplyCount: 0,
      isPublic: true,
    },
  };
}
