import { z } from "zod";
import { JsonValue } from "./json.ts";

/** Every status of a job; the last three are final. */
export const JobStatus = z.enum(["pending", "queued", "processing", "completed", "failed", "cancelled"]);
export type JobStatus = z.infer<typeof JobStatus>;

/** The statuses that a job never leaves. */
export const FinalStatus = JobStatus.extract(["completed", "failed", "cancelled"]);
export type FinalStatus = z.infer<typeof FinalStatus>;

/** The error of a failed job or attempt. `code` is stable, for programs; `message` is for people, without internals. */
export const JobError = z.object({ code: z.string(), message: z.string() });
export type JobError = z.infer<typeof JobError>;

/** Id of a job: 20 random letters and digits, safe in a URL. */
export const JobId = z.string().regex(/^[A-Za-z0-9]{20}$/, "a job id is 20 letters or digits");

const Tag = z.string().min(1).max(64);
/** Firestore reserves names such as `__this__`. */
const MetadataName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^(?!__.*__$)/s, "a name must not begin and end with two underscores");
const Metadata = z.record(MetadataName, z.string().max(512));

/**
 * Header `Idempotency-Key` of `POST /v1/jobs`: any text that a header carries unchanged. HTTP drops blanks at either
 * end.
 */
export const IdempotencyKey = z
  .string()
  .regex(/^(?! )(?!.* $)[\x20-\x7e]{1,255}$/, "must be 1 to 255 printable characters, without a blank at either end");

/**
 * The reason why a job is `pending`: its time (`runAt`), the result of an equal job, its turn among the jobs with its
 * ordering key, a free slot among its owner's active jobs, or a message that has to be published again.
 */
export const WaitingFor = z.enum(["time", "result", "lane", "slot", "unpublished"]);
export type WaitingFor = z.infer<typeof WaitingFor>;

/** Body of `POST /v1/jobs`. Unknown fields are refused, so that a misspelt option is not ignored. */
export const SubmitJobRequest = z.strictObject({
  /** The job type, e.g. `image.resize`. */
  type: z.string().min(1).max(100),
  /** Checked against the input schema of the job type. */
  input: JsonValue,
  /** The job does not run before this instant; at most 366 days ahead. A past instant means now. */
  runAt: z.iso.datetime({ offset: true }).optional(),
  /** Jobs of one owner with the same key run one at a time, in the order of their submission. */
  orderingKey: z.string().min(1).max(255).optional(),
  tags: z.array(Tag).max(10).optional(),
  metadata: Metadata.refine((entries) => Object.keys(entries).length <= 20, "at most 20 entries").optional(),
  /** Address that a signed webhook is sent to when the job is final. */
  webhookUrl: z.string().max(2048).optional(),
});
export type SubmitJobRequest = z.infer<typeof SubmitJobRequest>;

/**
 * Why a job reached a status, where the status alone does not say it. `waiting-for-time`, `-lane`, `-result`, `-slot`:
 * a new job waits. `unpublished`: Pub/Sub did not take its message. `suspended`: the attempt continues in another
 * invocation. `sleeping`: the attempt continues at an instant. `attempt-failed`: another attempt follows.
 * `lease-expired`: the previous worker stopped reporting. `cleanup`: the job is cancelled, and cleans up.
 */
export const HistoryReason = z.enum([
  "waiting-for-time",
  "waiting-for-lane",
  "waiting-for-result",
  "waiting-for-slot",
  "unpublished",
  "suspended",
  "sleeping",
  "attempt-failed",
  "lease-expired",
  "cleanup",
]);
export type HistoryReason = z.infer<typeof HistoryReason>;

/** An entry of a job's history: the job reached `status` at `at` during `attempt` (0 before the first claim). */
export const HistoryEntry = z.object({
  status: JobStatus,
  at: z.iso.datetime(),
  attempt: z.int().min(0),
  reason: HistoryReason.optional(),
  /** Code of the error that an attempt, or the job, failed with. */
  errorCode: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** A job as the API and the client give it, without its input and output. Instants are ISO 8601 in UTC. */
export const JobView = z.object({
  jobId: z.string(),
  type: z.string(),
  owner: z.string(),
  queue: z.string(),
  status: JobStatus,
  /** On a `pending` job. */
  waitingFor: WaitingFor.optional(),
  /** On a job that waits for its time or for its next attempt, or sleeps: the instant at which it continues. */
  runAt: z.iso.datetime().optional(),
  orderingKey: z.string().optional(),
  /** 0 to 1; never decreases within an attempt. */
  progress: z.number().min(0).max(1),
  step: z.string().optional(),
  attempt: z.int().min(0),
  maxAttempts: z.int().min(1),
  /** True when the output is the result of an equal job. */
  cached: z.boolean().optional(),
  cancelRequested: z.boolean().optional(),
  /**
   * Error of the last failed attempt; of the job when `failed`; of the clean-up when `cancelled`, as in
   * `JobResultView`.
   */
  error: JobError.optional(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime(),
  queuedAt: z.iso.datetime().optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime(),
  /** The first entry and the last 59. */
  history: z.array(HistoryEntry),
  /**
   * Time that the job was `processing` in entries that `history` no longer has, in milliseconds; absent when it has
   * all.
   */
  droppedProcessingMs: z.int().min(0).optional(),
});
export type JobView = z.infer<typeof JobView>;

/** Query of `GET /v1/jobs`; newest first. */
export const ListJobsQuery = z.strictObject({
  status: JobStatus.optional(),
  type: z.string().min(1).max(100).optional(),
  tag: Tag.optional(),
  /** Owner of the jobs; the caller when absent. Only an admin may name another owner. */
  owner: z.string().min(1).max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The `nextCursor` of the previous page; opaque. */
  cursor: z.string().min(1).max(512).optional(),
});
export type ListJobsQuery = z.infer<typeof ListJobsQuery>;

/** Answer of `GET /v1/jobs`; `nextCursor` is absent on the last page. */
export const JobList = z.object({ jobs: z.array(JobView), nextCursor: z.string().optional() });
export type JobList = z.infer<typeof JobList>;

/** Answer of `GET /v1/jobs/{jobId}/result`: the `output` or the `error` of a final job. */
export const JobResultView = z.object({
  jobId: z.string(),
  type: z.string(),
  owner: z.string(),
  status: FinalStatus,
  output: JsonValue.optional(),
  /** On a `cancelled` job: `cleanup-failed`, or `cleanup-not-run` when no worker ran the clean-up in time. */
  error: JobError.optional(),
  attempt: z.int().min(0),
  /** True when the output is the result of an equal job. */
  cached: z.boolean().optional(),
  /** Time from submission until the job was final, in milliseconds. */
  durationMs: z.int().min(0),
  createdAt: z.iso.datetime(),
});
export type JobResultView = z.infer<typeof JobResultView>;
