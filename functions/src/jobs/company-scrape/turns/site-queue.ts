/** A job that reads a site, or waits to. It is forgotten at `until`, unless it asks again. */
export interface QueuedScrape {
  jobId: string;
  until: Date;
}

/** The jobs that want to read one site, in the order in which they asked: the first one reads. */
export type SiteQueue = readonly QueuedScrape[];

/** The place of a job that asks for a site; `afterMs` is when to ask again. */
export type SiteTurn = { outcome: "turn" } | { outcome: "waits"; afterMs: number } | { outcome: "full" };

/** Most jobs of one site's queue. The last ones would wait for an hour or so. */
const MAX_QUEUED = 100;
/** A job reads a site in less; the worker of one that takes longer may be gone. */
const TURN_MS = 5 * 60_000;
/** A job ahead takes some seconds at least, and a job that is near its turn must not sleep through it. */
const WAIT_OF_PLACE_MS = 5000;
const MAX_WAIT_MS = 60_000;
/** A job that waits may ask late: it is woken, and needs a free worker. */
const LATE_MS = 60_000;

/** Gives job `jobId` its place in the queue, at the end when it is new. Idempotent for the job whose turn it is. */
export function askForTurn(queue: SiteQueue, jobId: string, now: Date): { turn: SiteTurn; queue: SiteQueue } {
  const live = queue.filter((job) => job.jobId === jobId || job.until > now);
  const place = live.findIndex((job) => job.jobId === jobId);
  if (place < 0 && live.length >= MAX_QUEUED) return { turn: { outcome: "full" }, queue: live };
  const ahead = place < 0 ? live.length : place;
  const afterMs = Math.min(ahead * WAIT_OF_PLACE_MS, MAX_WAIT_MS);
  const until = new Date(now.getTime() + (ahead === 0 ? TURN_MS : afterMs + LATE_MS));
  return {
    turn: ahead === 0 ? { outcome: "turn" } : { outcome: "waits", afterMs },
    queue: live.toSpliced(ahead, 1, { jobId, until }),
  };
}

/** The queue without a job. */
export function leaveQueue(queue: SiteQueue, jobId: string): SiteQueue {
  return queue.filter((job) => job.jobId !== jobId);
}
