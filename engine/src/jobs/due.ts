/** A job that asks for a second look, as far as the sweep has to know it. A document that nobody can read is one, too. */
export interface DueJob {
  jobId: string;
  dueAt: Date;
  /** As stored. */
  status?: string;
  waitingFor?: string;
  /** When it last changed: when it began to wait, for one that waits. */
  since?: Date;
}

/** Finds the jobs that the sweep looks after. A thrown error means the store is unreachable. */
export interface DueJobStore {
  /** Jobs of these shards (each 0 to 15) that ask for a second look by `by`, the longest due first; at most `limit`. */
  listDue(shards: readonly number[], by: Date, limit: number): Promise<DueJob[]>;
  /**
   * Jobs of all shards that wait for their time, which comes by `by`, the next one first; at most `limit`. They come after `after`: an
   * instant, or a job that was listed, and of those with its time the ones with a larger id.
   */
  listSleeping(after: Pick<DueJob, "dueAt"> & { jobId?: string }, by: Date, limit: number): Promise<DueJob[]>;
  /** Moves the second look at a job that is due at `now` to `until`, and changes nothing else; does nothing when it is not due any more. */
  putOff(jobId: string, now: Date, until: Date): Promise<void>;
}

/** Looks after the results whose deliveries were not made yet: nobody looked who is to be told. A thrown error means the store is unreachable. */
export interface DueResultStore {
  /**
   * Takes results of all shards that ask for a second look by `now`, the longest due first, at most `limit`, and gives
   * each its next look, as `nextLookAtResult` decides. Answers the ids of their jobs: of two callers one has each.
   */
  takeDue(now: Date, limit: number): Promise<string[]>;
}

/** What remains to be noted of a result after its creation. */
export interface ResultStore {
  /** True while the result is there: an erasure deletes it, and nothing is to be made of it any more. */
  exists(jobId: string): Promise<boolean>;
  /** Reads the `webhookUrl` of the job's submission; undefined when it named none, or it was erased. */
  readWebhookUrl(jobId: string): Promise<string | undefined>;
  /** Notes that nobody is to be told: the result asks for no second look. Idempotent; a result that is gone stays gone. */
  settle(jobId: string): Promise<void>;
}

/** Deletes what is past its `expireAt`, where nothing else does. */
export interface ExpiredDocuments {
  /** Deletes expired documents of every collection, at most `limit` of each; answers how many. Idempotent. */
  deletePage(now: Date, limit: number): Promise<number>;
}

/** True for a due job that `advance` moves on: it waits for something other than its message. */
export function isWaiting({ status, waitingFor }: DueJob): boolean {
  return status === "pending" && waitingFor !== "unpublished";
}

const FIRST_LOOK_MS = 60_000;
const MAX_LOOK_MS = 60 * 60 * 1000;
/** Longer than anything is down for. */
const LOOKS_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * When to look again at a result of `endedAt` for which no deliveries were made yet: after as long as it has waited already, a
 * minute to an hour; undefined a week after the end, when the look that is due is the last.
 */
export function nextLookAtResult(endedAt: Date, now: Date): Date | undefined {
  const waitedMs = now.getTime() - endedAt.getTime();
  if (waitedMs >= LOOKS_MS) return undefined;
  return new Date(now.getTime() + Math.min(Math.max(waitedMs, FIRST_LOOK_MS), MAX_LOOK_MS));
}
