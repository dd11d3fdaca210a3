import type { JobContext } from "@baton/engine";
import type { SharedVideos } from "./shared-videos.ts";
import type { UnitBudget } from "./unit-budget.ts";
import { openMeter } from "./unit-meter.ts";
import type { FetchedVideo } from "./video-cache.ts";
import { DEFAULT_MAX_PAGES, fetchComments, fetchVideo, MAX_PAGE_SIZE, type YouTubeConfig } from "./youtube-client.ts";

/** The part of the YouTube API that all owners of a deployment share: it gives them one quota. */
export interface YouTubeShare {
  budget: UnitBudget;
  now: () => Date;
  /** 0 to 1. */
  random: () => number;
  /** Absent: each job fetches its video. */
  videos?: SharedVideos;
}

/** The deployment's settings for the job type: where YouTube is, and, in the workers, what its owners share. */
export interface YouTubePorts extends YouTubeConfig {
  share?: YouTubeShare;
}

/**
 * Reads a video and up to `maxComments` of its comments. They may be those of an earlier fetch; else they cost units of
 * the owner's budget and of the deployment's. Throws a `RetryAfterError` `youtube-budget-used-up` before the first
 * request when these do not suffice, and else as `fetchVideo` and `fetchComments` do.
 */
export async function fetchMaterial(
  youtube: YouTubePorts,
  id: string,
  maxComments: number,
  { owner, signal }: Pick<JobContext, "owner" | "signal">,
): Promise<FetchedVideo> {
  const { share } = youtube;
  if (share === undefined) return fetchBoth(youtube, id, maxComments, signal);
  const fetch = () => fetchOnBudget(youtube, share, owner, id, maxComments, signal);
  return share.videos ? share.videos.get(id, maxComments, signal, fetch) : fetch();
}

async function fetchOnBudget(
  youtube: YouTubeConfig,
  share: YouTubeShare,
  owner: string,
  id: string,
  maxComments: number,
  signal: AbortSignal,
): Promise<FetchedVideo> {
  const pages = Math.min(youtube.maxPages ?? DEFAULT_MAX_PAGES, Math.ceil(maxComments / MAX_PAGE_SIZE));
  const meter = await openMeter(share, owner, 1 + pages);
  try {
    return await fetchBoth({ ...youtube, beforeRequest: meter.spend }, id, maxComments, signal);
  } finally {
    await meter.close();
  }
}

async function fetchBoth(
  youtube: YouTubeConfig,
  id: string,
  maxComments: number,
  signal: AbortSignal,
): Promise<FetchedVideo> {
  const facts = await fetchVideo(youtube, id, signal);
  return { facts, comments: await fetchComments(youtube, id, maxComments, signal) };
}
