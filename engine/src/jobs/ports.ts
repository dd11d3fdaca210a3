import type { FileRef, JobMessage, JobStatus, JsonValue, WakeMessage } from "@baton/protocol";
import type { DocumentTransaction } from "../job-types/document-transaction.ts";
import type { FileData, StoredFile } from "../job-types/job-files.ts";
import type { DeadLetter } from "./rules/dead-letter.ts";
import type { Job, JobResult } from "./rules/job.ts";
import type { PromotionAnswer } from "./rules/promotion.ts";
import type { StepRecord } from "./rules/step.ts";
import type { Acceptance, Submission } from "./rules/submission.ts";
import type { JobCommand, Transition } from "./rules/transitions.ts";
import type { Usage } from "./rules/usage.ts";

/** Which of an owner's jobs to list, newest first. */
export interface JobFilter {
  owner: string;
  status?: JobStatus;
  type?: string;
  tag?: string;
  /** 1 to 100. */
  limit: number;
  /** Opaque; the `nextCursor` of the page before. */
  cursor?: string;
}

/** There is no such job, in answers about one. */
export type NotFound = { outcome: "not-found" };

/**
 * A job whose `dueAt` has passed, or comes soon: what the sweep has to know of it. A document that cannot be parsed is
 * one, too.
 */
export interface DueJob {
  jobId: string;
  dueAt: Date;
  /** As stored. */
  status?: string;
  waitingFor?: string;
  /** When it last changed: when it began to wait, for one that waits. */
  since?: Date;
}

/**
 * The truth about jobs. Every method is one atomic operation; a thrown error means the store is unreachable, or too
 * many writers met at one document, and the caller may try again.
 */
export interface JobStore {
  /**
   * Stores an accepted submission with its input, as the rule `accept` decides: usage counted, job, result (of a cached
   * one), lane and cache entry together, or nothing. Of several at once no quota and no ticket queue takes too many.
   */
  submit(submission: Submission, input: JsonValue, now: Date): Promise<Acceptance>;
  /** Promotes a pending job as the rule `promote` decides. */
  promote(jobId: string, now: Date): Promise<PromotionAnswer | NotFound>;
  /**
   * Reads the job, asks the pure rule `transition`, and writes its answer (with the result, when the job becomes
   * final), all or nothing.
   */
  apply(jobId: string, event: JobCommand, now: Date): Promise<Transition | NotFound>;
  /** `apply` of a claim that also reads the input, when the job may run. */
  claim(
    jobId: string,
    lease: { leaseId: string; leaseMs: number },
    now: Date,
  ): Promise<(Transition & { input?: JsonValue }) | NotFound>;
  read(jobId: string): Promise<Job | undefined>;
  /**
   * Calls `then` once, soon after a running job was told to stop, or was taken from this lease. The answer ends the
   * watch.
   */
  watchLease(jobId: string, leaseId: string, then: (end: "cancelled" | "lease-lost") => void): () => void;
  /** `bad-cursor` when the cursor is not one this store gave. */
  list(filter: JobFilter): Promise<{ jobs: Job[]; nextCursor?: string } | "bad-cursor">;
  /** Ids of the owner's jobs that wait for a slot, the next one first; at most `limit`. */
  listWaiting(owner: string, limit: number): Promise<string[]>;
  /** Id of the job with the lowest ticket of a lane, when it waits for the lane. */
  readNextInLane(lane: string): Promise<string | undefined>;
  /** Ids of jobs that wait for the result of this one, in no order; at most `limit`. */
  listFollowers(jobId: string, limit: number): Promise<string[]>;
  readInput(jobId: string): Promise<JsonValue | undefined>;
  readResult(jobId: string): Promise<JobResult | undefined>;
  /** Reads what an owner has used; undefined for one who has used nothing. */
  readUsage(owner: string): Promise<Usage | undefined>;
  /**
   * How many of the owner's jobs run or are queued to run, and how many wait for a slot. Two counts, taken side by
   * side.
   */
  countActive(owner: string): Promise<{ active: number; waiting: number }>;
  /** Jobs of these shards (each 0 to 15) whose `dueAt` is at or before `by`, the longest due first; at most `limit`. */
  listDue(shards: readonly number[], by: Date, limit: number): Promise<DueJob[]>;
  /**
   * Jobs of all shards that wait for their time, which comes by `by`, the next one first; at most `limit`. They come
   * after `after`: an instant, or a job that was listed, and of those with its time the ones with a larger id.
   */
  listSleeping(after: Pick<DueJob, "dueAt"> & { jobId?: string }, by: Date, limit: number): Promise<DueJob[]>;
  /**
   * Moves the `dueAt` of a job that is due at `now` to `until`, and changes nothing else; does nothing when it is not
   * due any more.
   */
  putOff(jobId: string, now: Date, until: Date): Promise<void>;
}

/** Reads and updates stored results. A thrown error means the store is unreachable. */
export interface ResultStore {
  /** True while the result is there: an erasure deletes it, and nothing is to be made of it any more. */
  exists(jobId: string): Promise<boolean>;
  /** Reads the `webhookUrl` of the job's submission; undefined when it named none, or it was erased. */
  readWebhookUrl(jobId: string): Promise<string | undefined>;
  /**
   * Notes that all were told, or none is to be: removes the result's `dueAt`. Idempotent; a result that is gone
   * stays gone.
   */
  settle(jobId: string): Promise<void>;
  /**
   * Takes results of all shards whose `dueAt` is at or before `now`, the longest due first, at most `limit`, and gives
   * each its next `dueAt`, as `nextResultRecheckAt` decides. Answers the ids of their jobs: of two callers one has
   * each.
   */
  takeDue(now: Date, limit: number): Promise<string[]>;
}

/** Remembers what the steps of a job gave. */
export interface StepStore {
  /** Reads steps of a job up to about `maxBytes` of outputs, in no order. `isAll`: there are no others. */
  recall(jobId: string, maxBytes: number): Promise<{ steps: StepRecord[]; isAll: boolean }>;
  read(jobId: string, name: string): Promise<StepRecord | undefined>;
  /**
   * Keeps what `commit` returns as the output of a step under the lease, once: a step that is there already is given
   * back as it is. The writes of `commit` happen in the same transaction; it may be called several times. In one
   * process those of one lease run one by one. Answers `lease-lost`, and writes nothing, when `leaseId` no longer holds
   * the job.
   */
  record(
    step: { jobId: string; leaseId: string; name: string },
    commit: (tx: DocumentTransaction) => Promise<JsonValue> | JsonValue,
    now: Date,
  ): Promise<StepAnswer>;
  /**
   * Keeps an output that is known, with the promises of `record`. Calls of one lease that meet in this process are
   * written together, at most 400 or 3 MiB a commit, and do not change the job's document. A member that cannot be
   * stored rejects alone.
   */
  keep(step: { jobId: string; leaseId: string; name: string }, output: JsonValue, now: Date): Promise<StepAnswer>;
}

/** The outcome of a record. */
export type StepAnswer = { outcome: "recorded"; step: StepRecord } | { outcome: "lease-lost" };

/** A file that a handler writes. */
export interface WrittenFile {
  name: string;
  contentType: string;
  data: FileData;
}

/** The files of jobs, as a worker writes and reads them. */
export interface JobFileStore {
  /**
   * Stores a file, and then, in one commit, its facts as the output of the step, with the promises of
   * `StepStore.record`. Rejects when `signal` aborts, with a PermanentError when the file is too large or its data is
   * none, and otherwise when a store is unreachable. Whatever is left of a file that was not recorded is deleted later.
   */
  write(
    step: { jobId: string; leaseId: string; name: string },
    job: Job,
    file: WrittenFile,
    signal: AbortSignal,
  ): Promise<StepAnswer>;
  /**
   * Opens a file of the job by its name, or of its owner by its id. Undefined when there is none; a file of another
   * owner is none.
   */
  open(job: Job, file: string | FileRef): Promise<StoredFile | undefined>;
}

/** Deletes the files of jobs. */
export interface JobFileRemoval {
  /** Deletes the files of a cancelled job. Idempotent. Rejects when some are left; the sweep deletes those. */
  deleteOf(jobId: string): Promise<void>;
}

/** An event of a job before its end. */
export type TellingType = "job.queued" | "job.started" | "job.progress";

/** Tells other services what happens to jobs. */
export interface JobEvents {
  /** Tells it once or more. Never rejects: what could not be told is logged. */
  tell(type: TellingType, job: Job): Promise<void>;
}

/** Keeps dead letters. */
export interface DeadLetterStore {
  /** Idempotent by `letterId`: the first one stays, a repeat changes nothing. Throws when the store is unreachable. */
  keep(letter: DeadLetter): Promise<void>;
}

/** Sends messages about jobs. Each call resolves once Pub/Sub has the message; rejects when it has not, within 10 s. */
export interface JobPublisher {
  publishJob(queue: string, message: JobMessage): Promise<void>;
  /** Asks `wake` to look at a job at an instant, which is at most a minute and a half away. */
  publishWake(message: WakeMessage): Promise<void>;
  /** Tells `bury` that a job has used up its attempts. */
  publishDeadLetter(job: Job): Promise<void>;
}

/** Decides whether the end of a job may be told to a URL. */
export interface WebhookUrlPolicy {
  /** Why it may not, in a sentence for the caller that says what to change; undefined when it may. */
  refusalOf(url: string): string | undefined;
}
