import type { FetchedVideo, KeptVideo, VideoCache } from "./video-cache.ts";

/** Videos that all jobs of a deployment share. */
export interface SharedVideos {
  /**
   * Gives a video with its newest `maxComments` comments that was fetched at most `freshMs` ago, else calls `fetch`.
   * Calls for one video in this process at the same time wait for one fetch; when it fails, each of them fetches for
   * itself. Rejects as `fetch` does, and with the signal's reason when it aborts.
   */
  get(id: string, maxComments: number, signal: AbortSignal, fetch: () => Promise<FetchedVideo>): Promise<FetchedVideo>;
}

/** Shares videos through `cache` for `freshMs` milliseconds each. */
export function sharedVideos(cache: VideoCache, freshMs: number, now: () => Date): SharedVideos {
  const underWay = new Map<string, Promise<KeptVideo>>();

  async function readOrFetch(id: string, maxComments: number, fetch: () => Promise<FetchedVideo>): Promise<KeptVideo> {
    const kept = await cache.read(id);
    if (kept && now().getTime() - kept.fetchedAt.getTime() < freshMs && suffices(kept, maxComments)) return kept;
    const video = { ...(await fetch()), maxComments, fetchedAt: now() };
    await cache.keep(id, video);
    return video;
  }

  async function find(id: string, maxComments: number, signal: AbortSignal, fetch: () => Promise<FetchedVideo>) {
    for (let other = underWay.get(id); other; other = underWay.get(id)) {
      const video = await unlessAborted(
        other.catch(() => undefined),
        signal,
      );
      if (video && suffices(video, maxComments)) return video;
    }
    const own = readOrFetch(id, maxComments, fetch).finally(() => underWay.delete(id));
    underWay.set(id, own);
    return own;
  }

  return {
    async get(id, maxComments, signal, fetch) {
      const { facts, comments } = await find(id, maxComments, signal, fetch);
      return { facts, comments: comments.slice(0, maxComments) };
    },
  };
}

function suffices(video: KeptVideo, maxComments: number): boolean {
  return video.maxComments >= maxComments || video.comments.length < video.maxComments;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", abort));
}
