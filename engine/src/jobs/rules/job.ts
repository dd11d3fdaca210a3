import type { FinalStatus, HistoryReason, JobError, JobStatus, JsonValue } from "@baton/protocol";

/** The right to run a job until an instant. `id` is random and fences out late writers. */
export interface Lease {
  id: string;
  until: Date;
}

/** One line of a job's history: it reached `status` at `at`, during `attempt` (0 before the first claim). */
export interface HistoryEntry {
  status: JobStatus;
  at: Date;
  attempt: number;
  reason?: HistoryReason;
  /** Code of the error that an attempt, or the job, failed with. */
  errorCode?: string;
}

/**
 * What a `pending` job waits for: its time (`runAt`), the equal job whose result it will share, its turn among the jobs
 * with its ordering key, a free slot among its owner's running jobs, or a message that Pub/Sub did not take.
 */
export type WaitingFor = "time" | "result" | "lane" | "slot" | "unpublished";

/**
 * The hot document `batonJobs/{jobId}` that browsers listen to. Small: a large input and the output have documents of
 * their own.
 */
export interface Job {
  jobId: string;
  type: string;
  owner: string;
  queue: string;
  status: JobStatus;
  /** Present exactly while `pending`. */
  waitingFor?: WaitingFor;
  /** 0 to 1; never goes back within an attempt. */
  progress: number;
  step?: string;
  /** Claims so far; attempts are numbered from 1. */
  attempt: number;
  maxAttempts: number;
  /** Attempts that replace ones whose worker died; `maxAttempts` has grown by them. */
  lostLeases?: number;
  /** Not to be run before: asked for at submission, the end of a backoff or of a sleep. */
  runAt?: Date;
  /** As submitted: jobs of one owner with the same key run one at a time, in order. */
  orderingKey?: string;
  /** Id of the lane of that key, and this job's ticket in it until the job is final. The lowest ticket of a lane may run. */
  lane?: string;
  laneTicket?: number;
  /**
   * Ticket in its owner's queue for slots, while the job runs, is queued, or waits for a slot. With fewer than
   * `concurrencyLimit` tickets ahead it may run.
   */
  ticket?: number;
  concurrencyLimit: number;
  /** True when the next claim continues the attempt that suspended itself, instead of counting a new one. */
  resumesAttempt?: true;
  /** Key of the cache entry that equal inputs share, and how long a result stands for them. */
  cache?: { key: string; ttlMs: number };
  /**
   * True for the job that runs for all equal ones, from the queue on; the others name it in `sharesResultOf`. It leads
   * until it is final, is cancelled or waits for a time.
   */
  isCacheLeader?: true;
  sharesResultOf?: string;
  /** True when the output is another job's. */
  cached?: true;
  /** True when its type cleans up after a cancelled run. */
  hasCleanUp?: true;
  /** A hash of each part of a request that came with an idempotency key. */
  requestHashes?: Record<string, string>;
  /** W3C trace context of the submission. */
  traceparent?: string;
  /** When the sweep looks at this job if nothing else happens; absent on a final job. */
  dueAt?: Date;
  /** 0 to 15, a hash of the id: spreads the sweep's reads and the indexes' writes. */
  shard: number;
  lease?: Lease;
  cancelRequested?: true;
  /** When a cancelled job becomes final without its worker. */
  cancelBy?: Date;
  /** How often it was claimed for its clean-up. */
  cleanUps?: number;
  error?: JobError;
  tags: string[];
  metadata: Record<string, string>;
  /** Path of the document that holds its input, where the store keeps that apart; it expires with the job. */
  inputRef?: string;
  /** True when its submission named a `webhookUrl`, which the store keeps where no client reads it: it may carry credentials. */
  hasWebhookUrl?: true;
  /** True when its owner had webhook endpoints at its submission: the result may have to be delivered. */
  hasEndpoints?: true;
  createdAt: Date;
  queuedAt?: Date;
  startedAt?: Date;
  finishedAt?: Date;
  updatedAt: Date;
  /** Size of one file that it writes, in bytes, as its owner's tier allowed at its submission. */
  maxFileBytes?: number;
  /** How long the job is kept once it is final. */
  retentionMs: number;
  expireAt: Date;
  history: HistoryEntry[];
  /** How long it was `processing` in the entries that its history no longer holds. */
  droppedProcessingMs?: number;
}

/** The outcome document `batonResults/{jobId}`. Created once, with the final status; its creation is the completion event. */
export interface JobResult {
  jobId: string;
  type: string;
  owner: string;
  status: FinalStatus;
  /** Present when completed. */
  output?: JsonValue;
  /** Present when failed; on a cancelled job the reason, when there is one. */
  error?: JobError;
  attempt: number;
  /** The lease that finished it; absent when no worker did. */
  leaseId?: string;
  cached?: true;
  /** From submission to the final status. */
  durationMs: number;
  tags: string[];
  metadata: Record<string, string>;
  hasWebhookUrl?: true;
  createdAt: Date;
  expireAt: Date;
  shard: number;
  /** Set until its deliveries exist, when there may be an endpoint or a URL for them. */
  dueAt?: Date;
}

/** True for the statuses a job never leaves. */
export function isFinal(status: JobStatus): status is FinalStatus {
  return status === "completed" || status === "failed" || status === "cancelled";
}
