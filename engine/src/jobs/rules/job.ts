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
 * The thing that a `pending` job waits for: its time (`runAt`), the jobs before it in its lane, the equal job whose
 * result it will share, one of its owner's slots, or Pub/Sub, which did not take its message.
 */
export type WaitingFor = "time" | "result" | "lane" | "slot" | "unpublished";

/** The fields that a job may have in every status. */
interface JobFields {
  jobId: string;
  type: string;
  owner: string;
  queue: string;
  /** 0 to 1; never goes back within an attempt. */
  progress: number;
  step?: string;
  /** Claims so far; attempts are numbered from 1. */
  attempt: number;
  maxAttempts: number;
  /** Attempts that replace ones whose worker died; `maxAttempts` has grown by them. */
  lostLeases?: number;
  /** As submitted: jobs of one owner with the same key run one at a time, in order. */
  orderingKey?: string;
  /** Id of the lane of that key. */
  lane?: string;
  concurrencyLimit: number;
  /** Key of the cache entry that equal inputs share, and how long a result stands for them. */
  cache?: { key: string; ttlMs: number };
  /**
   * True for the job that runs for all equal ones, from the queue on; the others name it in `sharesResultOf`. It leads
   * until it is final, is cancelled or waits for a time.
   */
  isCacheLeader?: true;
  /** True when the output is another job's. */
  cached?: true;
  /** True when its type cleans up after a cancelled run. */
  hasCleanUp?: true;
  /** A hash of each part of a request that came with an idempotency key. */
  requestHashes?: Record<string, string>;
  /** W3C trace context of the submission. */
  traceparent?: string;
  /** 0 to 15, a hash of the id: spreads the sweep's reads and the indexes' writes. */
  shard: number;
  cancelRequested?: true;
  /** The error that the job, or its last attempt, failed with. */
  error?: JobError;
  tags: string[];
  metadata: Record<string, string>;
  /** Path of the document that holds its input, where the store keeps that apart; it expires with the job. */
  inputRef?: string;
  /**
   * True when its submission named a `webhookUrl`, which the store keeps where no client reads it: it may carry
   * credentials.
   */
  hasWebhookUrl?: true;
  /** True when its owner had webhook endpoints at its submission: the result may have to be delivered. */
  hasEndpoints?: true;
  createdAt: Date;
  queuedAt?: Date;
  startedAt?: Date;
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

/** The fields of a job that is not final. */
interface LiveFields {
  /** When the sweep looks at this job if nothing else happens. */
  dueAt: Date;
  /**
   * Ticket in its owner's queue for slots, while the job runs, is queued, or waits for a slot. With fewer than
   * `concurrencyLimit` tickets ahead it may run.
   */
  ticket?: number;
  /** Ticket in its lane, from its time on. The lowest ticket of a lane may run. */
  laneTicket?: number;
  /** When a cancelled job becomes final without its worker. */
  cancelBy?: Date;
  /** How often it was claimed for its clean-up. */
  cleanUps?: number;
}

/** The fields of a job until a worker claims it. */
interface WaitingFields extends LiveFields {
  /** Not to be run before: asked for at submission, the end of a backoff or of a sleep. */
  runAt?: Date;
  /** True when the next claim continues the attempt that suspended itself, instead of counting a new one. */
  resumesAttempt?: true;
}

interface PendingFields extends WaitingFields {
  status: "pending";
  waitingFor: WaitingFor;
  /** The leader, while it waits for a result. */
  sharesResultOf?: string;
}

interface QueuedFields extends WaitingFields {
  status: "queued";
  queuedAt: Date;
}

interface ProcessingFields extends LiveFields {
  status: "processing";
  lease: Lease;
  startedAt: Date;
}

interface FinalFields {
  status: FinalStatus;
  finishedAt: Date;
}

type KeysOf<Fields> = Fields extends unknown ? keyof Fields : never;
type StatusField = KeysOf<PendingFields | QueuedFields | ProcessingFields | FinalFields>;

/** A job with the fields of one status. Those of the others are absent: a spread that keeps one does not compile. */
type InStatus<Fields> = JobFields & Fields & { [Name in Exclude<StatusField, keyof (JobFields & Fields)>]?: never };

/** A job that waits, and not for a worker. */
export type PendingJob = InStatus<PendingFields>;

/** A job that waits for a worker. */
export type QueuedJob = InStatus<QueuedFields>;

/** A job that a worker runs, or ran until its lease expired. */
export type ProcessingJob = InStatus<ProcessingFields>;

/** A job that nothing changes any more. */
export type FinalJob = InStatus<FinalFields>;

/** A job that is not final. */
export type LiveJob = PendingJob | QueuedJob | ProcessingJob;

/**
 * The hot document `batonJobs/{jobId}` that browsers listen to. Small: a large input and the output have documents of
 * their own.
 */
export type Job = LiveJob | FinalJob;

/**
 * The outcome document `batonResults/{jobId}`. Created once, with the final status; its creation is the completion
 * event.
 */
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

/** True for a job that commands and promotion may still change. */
export function isLive(job: Job): job is LiveJob {
  return !isFinal(job.status);
}
