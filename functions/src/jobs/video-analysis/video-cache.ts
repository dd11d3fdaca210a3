import type { RawComment, VideoFacts } from "./youtube-client.ts";

/** A video and its newest comments. */
export interface FetchedVideo {
  facts: VideoFacts;
  comments: readonly RawComment[];
}

/** A fetched video as it is kept. */
export interface KeptVideo extends FetchedVideo {
  /** How many comments were asked for; fewer mean that YouTube gives no more. */
  maxComments: number;
  fetchedAt: Date;
}

/** Keeps fetched videos for the jobs that follow. */
export interface VideoCache {
  /** Reads a video; undefined when none is kept, or when it cannot be read. Never rejects. */
  read(id: string): Promise<KeptVideo | undefined>;
  /** Keeps a video in place of the one before, when it is small enough. Never rejects. */
  keep(id: string, video: KeptVideo): Promise<void>;
}
