export { type FileInfo, FileRef } from "@baton/protocol";
export { type BatonFunctions, type BatonOptions, createBaton } from "./functions/create-baton.ts";
export {
  type CancelContext,
  type ComputeFunctions,
  type ComputeLimits,
  type ComputeScope,
  type DocumentTransaction,
  defineJob,
  type FileData,
  type FileOptions,
  type JobContext,
  type JobFiles,
  type JobType,
  PermanentError,
  type RetryAfter,
  RetryAfterError,
  RetryableError,
  type RetryPolicy,
  type StepOptions,
  type StepScope,
  type StoredFile,
} from "./job-types/define-job.ts";
export type { QueueOptions } from "./job-types/queue.ts";
