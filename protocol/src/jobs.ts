import { z } from "zod";
import { JsonValue } from "./json.ts";

/** Every status of a job; the last three are final. */
export const JobStatus = z.enum(["pending", "queued", "processing", "completed", "failed", "cancelled"]);
export type JobStatus = z.infer<typeof JobStatus>;

/** A job never leaves one of these. */
export const FinalStatus = JobStatus.extract(["completed", "failed", "cancelled"]);
export type FinalStatus = z.infer<typeof FinalStatus>;

/** Why a job, or one attempt of it, failed. `code` is stable and for programs; `message` is for people and names no internals. */
export const JobError = z.object({ code: z.string(), message: z.string() });
export type JobError = z.infer<typeof JobError>;

/** Ids are random, URL-safe, and never sequential: 20 characters from a 62-letter alphabet. */
export const JobId = z.string().regex(/^[A-Za-z0-9]{20}$/, "a job id is 20 letters or digits");

const Tag = z.string().min(1).max(64);
/** Firestore keeps names like `__this__` for itself. */
const MetadataName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^(?!__.*__$)/s, "a name must not begin and end with two underscores");
const Metadata = z.record(MetadataName, z.string().max(512));

/** Header `Idempotency-Key` of `POST /v1/jobs`: any text that a header can carry unharmed. HTTP drops blanks at either end. */
export const IdempotencyKey = z
  .string()
  .regex(/^(?! )(?!.* $)[\x20-\x7e]{1,255}$/, "must be 1 to 255 printable characters, without a blank at either end");

/**
 * What a `pending` job waits for: its time (`runAt`), the result of an equal job, its turn among the jobs with its
 * ordering key, a free slot among its owner's running jobs, or a message that has to be sent again.
 */
export const WaitingFor = z.enum(["time", "result", "lane", "slot", "unpublished"]);
export type WaitingFor = z.infer<typeof WaitingFor>;

/** Body of `POST /v1/jobs`. Unknown fields are refused, so that a misspelt option is noticed. */
export const SubmitJobRequest = z.strictObject({
  /** The job type, e.g. `video.analysis`. */
  type: z.string().min(1).max(100),
  /** Checked against the input schema of the job type. */
  input: JsonValue,
  /** Not to be run before; at most 366 days ahead. An instant in the past means now. */
  runAt: z.iso.datetime({ offset: true }).optional(),
  /** Jobs of one owner with the same key run one at a time, in the order of their submission. */
  orderingKey: z.string().min(1).max(255).optional(),
  tags: z.array(Tag).max(10).optional(),
  metadata: Metadata.refine((entries) => Object.keys(entries).length <= 20, "at most 20 entries").optional(),
  /** Where a signed webhook is sent when the job ends. */
  webhookUrl: z.string().max(2048).optional(),
});
export type SubmitJobRequest = z.infer<typeof SubmitJobRequest>;

/**
 * Why a job reached a status, where the status alone does not say it. `waiting-for-time`, `-lane`, `-result`, `-slot`: a
 * new job waits. `unpublished`: Pub/Sub did not take its message. `suspended`: the attempt continues in another
 * invocation. `sleeping`: the attempt continues at an instant. `attempt-failed`: another attempt follows. `lease-expired`:
 * the worker before did not report any more. `cleanup`: the job is cancelled, and cleans up.
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

/** One line of a job's history: it reached `status` at `at` during `attempt` (0 before the first claim). */
export const HistoryEntry = z.object({
  status: JobStatus,
  at: z.iso.datetime(),
  attempt: z.int().min(0),
  reason: HistoryReason.optional(),
  /** Code of the error that an attempt, or the job, failed with. */
  errorCode: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** A job as the API gives it and as the client shows it. Instants are ISO 8601 in UTC. Its input and output are read apart. */
export const JobView = z.object({
  jobId: z.string(),
  type: z.string(),
  owner: z.string(),
  queue: z.string(),
  status: JobStatus,
  /** On a `pending` job. */
  waitingFor: WaitingFor.optional(),
  /** On a job that waits for its time, for another attempt, or sleeps: when it goes on. */
  runAt: z.iso.datetime().optional(),
  orderingKey: z.string().optional(),
  /** 0 to 1; never goes back within an attempt. */
  progress: z.number().min(0).max(1),
  step: z.string().optional(),
  attempt: z.int().min(0),
  maxAttempts: z.int().min(1),
  /** True when its output is that of an equal job. */
  cached: z.boolean().optional(),
  cancelRequested: z.boolean().optional(),
  /** Of the last failed attempt; on a `failed` job, of the job; on a `cancelled` one why it was not cleaned up, see `JobResultView`. */
  error: JobError.optional(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime(),
  queuedAt: z.iso.datetime().optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime(),
  /** The first line and the last 59. */
  history: z.array(HistoryEntry),
  /** How long the job was `processing` in the lines that `history` no longer holds, in milliseconds; absent when it holds all. */
  droppedProcessingMs: z.int().min(0).optional(),
});
export type JobView = z.infer<typeof JobView>;

/** Query of `GET /v1/jobs`; newest first. */
export const ListJobsQuery = z.strictObject({
  status: JobStatus.optional(),
  type: z.string().min(1).max(100).optional(),
  tag: Tag.optional(),
  /** Whose jobs; the caller's own when absent. Only an admin may name somebody else. */
  owner: z.string().min(1).max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The `nextCursor` of the page before; opaque. */
  cursor: z.string().min(1).max(512).optional(),
});
export type ListJobsQuery = z.infer<typeof ListJobsQuery>;

/** Answer of `GET /v1/jobs`; `nextCursor` is absent on the last page. */
export const JobList = z.object({ jobs: z.array(JobView), nextCursor: z.string().optional() });
export type JobList = z.infer<typeof JobList>;

/** Answer of `GET /v1/jobs/{jobId}/result`: the outcome of a finished job, `output` or `error`. */
export const JobResultView = z.object({
  jobId: z.string(),
  type: z.string(),
  owner: z.string(),
  status: FinalStatus,
  output: JsonValue.optional(),
  /** On a `cancelled` job only when its clean-up was not done: `cleanup-failed`, or `cleanup-not-run` when no worker did it in time. */
  error: JobError.optional(),
  attempt: z.int().min(0),
  /** True when the output is that of an equal job. */
  cached: z.boolean().optional(),
  /** From submission to the end, in milliseconds. */
  durationMs: z.int().min(0),
  createdAt: z.iso.datetime(),
});
export type JobResultView = z.infer<typeof JobResultView>;
