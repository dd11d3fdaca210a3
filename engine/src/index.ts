export { type FileInfo, FileRef } from "@baton/protocol";
export type { BatonOptions, WebhookOptions } from "./functions/baton-options.ts";
export { type BatonFunctions, createBaton } from "./functions/create-baton.ts";
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
export type { Parameter, Setting } from "./job-types/setting.ts";
