import type { DeliveryMessage, JobMessage, JobStatus, JsonValue, WakeMessage } from "@baton/protocol";
import type { AccessDenial } from "./access.ts";
import type { Advance } from "./advance.ts";
import type { Job, JobResult } from "./job.ts";
import type { StepRecord } from "./step.ts";
import type { Acceptance, Submission } from "./submission.ts";
import type { JobEvent, Transition } from "./transitions.ts";
import type { Usage } from "./usage.ts";

export interface Clock {
  now(): Date;
  /** Calls `then` once, `ms` milliseconds from now; the answer takes the call back. */
  after(ms: number, then: () => void): () => void;
}

export interface Ids {
  /** A fresh job id: 20 random letters and digits. */
  jobId(): string;
  /** A fresh lease id, unguessable. */
  leaseId(): string;
  /** A fresh id of an endpoint, a secret or a recovery: 20 random letters and digits. */
  documentId(): string;
  /** A fresh `webhook-id`, for an event that has nothing to derive it from: `msg_` + 32 hexadecimal digits. */
  webhookId(): string;
}

/** Structured log; one line a call. Never give it tokens, secrets or payloads. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

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
 * The truth about jobs. Every method is one atomic operation; a thrown error means the store is unreachable, or too many
 * writers met at one document, and the caller may try again.
 */
export interface JobStore {
  /**
   * Stores an accepted submission with its input, as the rule `accept` decides: usage counted, job, result (of a cached
   * one), lane and cache entry together, or nothing. Of several at once no quota and no line takes too many.
   */
  submit(submission: Submission, input: JsonValue, now: Date): Promise<Acceptance>;
  /** Takes a pending job as far as it gets, as the rule `advance` decides. */
  advance(jobId: string, now: Date): Promise<Advance | NotFound>;
  /** Reads the job, asks the pure rule `transition`, and writes its answer (with the result, when the job ended), all or nothing. */
  apply(jobId: string, event: JobEvent, now: Date): Promise<Transition | NotFound>;
  /** `apply` of a claim that also reads the input, when the job may run. */
  claim(
    jobId: string,
    lease: { leaseId: string; leaseMs: number },
    now: Date,
  ): Promise<(Transition & { input?: JsonValue }) | NotFound>;
  read(jobId: string): Promise<Job | undefined>;
  /** Calls `then` once, soon after a running job was told to stop, or was taken from this lease. The answer ends the watch. */
  watchLease(jobId: string, leaseId: string, then: (end: "cancelled" | "lease-lost") => void): () => void;
  /** `bad-cursor` when the cursor is not one this store gave. */
  list(filter: JobFilter): Promise<{ jobs: Job[]; nextCursor?: string } | "bad-cursor">;
  /** Ids of the owner's jobs that wait for a slot, the next one first; at most `limit`. */
  listWaiting(owner: string, limit: number): Promise<string[]>;
  /** Id of the job whose turn it is in a lane, when it waits for it. */
  readNextTurn(lane: string): Promise<string | undefined>;
  /** Ids of jobs that wait for the result of this one, in no order; at most `limit`. */
  listFollowers(jobId: string, limit: number): Promise<string[]>;
  readInput(jobId: string): Promise<JsonValue | undefined>;
  readResult(jobId: string): Promise<JobResult | undefined>;
  /** Reads what an owner has used; undefined for one who has used nothing. */
  readUsage(owner: string): Promise<Usage | undefined>;
  /** How many of the owner's jobs run or are queued to run, and how many wait for a slot. Two counts, taken side by side. */
  countInLine(owner: string): Promise<{ running: number; waiting: number }>;
}

/** Remembers what the steps of a job gave. */
export interface StepStore {
  /** Reads steps of a job up to about `maxBytes` of outputs, in no order. `isAll`: there are no others. */
  recall(jobId: string, maxBytes: number): Promise<{ steps: StepRecord[]; isAll: boolean }>;
  read(jobId: string, name: string): Promise<StepRecord | undefined>;
  /**
   * Keeps what `commit` returns as the output of a step under the lease, once: a step that is there already is given back as it
   * is. The writes of `commit` happen in the same transaction; it may be called several times. In one process those of one lease run one by one.
   * Answers `lease-lost`, and writes nothing, when `leaseId` no longer holds the job.
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

/**
 * A handler's own documents, by path (`videos/abc`), within a transaction: reads come before writes. Fields are what Firestore
 * holds: JSON, `Date`, and values of `@google-cloud/firestore` (`FieldValue`, Timestamp, GeoPoint, references, vectors, bytes).
 * Anything else is a PermanentError that names document and place. `get` gives a `Date` for a Timestamp, to the millisecond,
 * and every other value as itself. Nothing is written unless all is. Paths of Baton's own collections are refused.
 */
export interface DocumentTransaction {
  get(path: string): Promise<Record<string, unknown> | undefined>;
  /** Fails the transaction when the document is there already. */
  create(path: string, fields: Record<string, unknown>): void;
  set(path: string, fields: Record<string, unknown>): void;
  /** Replaces the named fields; fails the transaction when there is no such document. */
  update(path: string, fields: Record<string, unknown>): void;
  delete(path: string): void;
}

/** Sends messages. Each call resolves once Pub/Sub has the message; rejects when it has not, within 10 s. */
export interface Publisher {
  publishJob(queue: string, message: JobMessage): Promise<void>;
  /** Asks `wake` to look at a job at an instant, which is at most a minute and a half away. */
  publishWake(message: WakeMessage): Promise<void>;
  /** Tells `bury` that a job has used up its attempts. */
  publishDeadLetter(job: Job): Promise<void>;
  /**
   * Asks `deliver` for one thing: to make the deliveries of a job that ended, to make an attempt of a delivery, to
   * continue a recovery, to stop the deliveries of an endpoint, or to tell an owner of a notice.
   */
  publishDelivery(message: DeliveryMessage): Promise<void>;
}

/** Who is calling. */
export interface Principal {
  /** The owner of what this caller submits: the Firebase uid, or `tenant:TENANT:UID` for a user of a tenant. */
  uid: string;
  /** Carries the deployment's admin claim: reads every owner's jobs, and changes nothing. */
  isAdmin: boolean;
  tier?: string;
  /** An anonymous user. One person can make any number of them. */
  isAnonymous?: true;
}

export type TokenVerdict =
  | { outcome: "verified"; principal: Principal }
  | { outcome: "refused"; reason: "expired" | "invalid" }
  /** The token is valid, and its user may not use this deployment. */
  | { outcome: "denied"; reason: AccessDenial };

/** Checks Firebase ID tokens. Throws only when the keys cannot be fetched. */
export interface TokenVerifier {
  verify(token: string): Promise<TokenVerdict>;
}
