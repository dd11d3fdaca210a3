import type { FinalStatus, JobError, JobStatus, JsonValue } from "@baton/protocol";

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
  reason?: string;
}

/** The hot document `jobs/{jobId}` that browsers listen to. Small: input and output live apart. */
export interface Job {
  jobId: string;
  type: string;
  owner: string;
  queue: string;
  status: JobStatus;
  /** 0 to 1; never goes back within an attempt. */
  progress: number;
  step?: string;
  /** Claims so far; attempts are numbered from 1. */
  attempt: number;
  maxAttempts: number;
  /** Not to be run before: asked for at submission, or the end of a backoff. */
  runAt?: Date;
  /** When this job asks for a second look if nothing else happens; absent on a final job. */
  dueAt?: Date;
  /** 0 to 15, a hash of the id: spreads the sweep's reads and the indexes' writes. */
  shard: number;
  lease?: Lease;
  cancelRequested?: true;
  error?: JobError;
  tags: string[];
  metadata: Record<string, string>;
  webhookUrl?: string;
  createdAt: Date;
  queuedAt?: Date;
  startedAt?: Date;
  finishedAt?: Date;
  updatedAt: Date;
  expireAt: Date;
  history: HistoryEntry[];
}

/** The outcome document `results/{jobId}`. Created once, with the final status; its creation is the completion event. */
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
  /** From submission to the end. */
  durationMs: number;
  tags: string[];
  metadata: Record<string, string>;
  webhookUrl?: string;
  createdAt: Date;
  expireAt: Date;
  shard: number;
  /** Set until the notification went out. */
  dueAt?: Date;
}

/** True for the statuses a job never leaves. */
export function isFinal(status: JobStatus): status is FinalStatus {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** How long a message, or an event, may be on its way before somebody looks again. */
export const MESSAGE_LOST_MS = 60_000;
