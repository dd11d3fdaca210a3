export * from "./client.ts";
export * from "./documents.ts";
export * from "./errors.ts";
export * from "./job-types.ts";
export type { Open } from "./open.ts";
export type { SubmitOptions } from "./submit.ts";
export type {
  CatalogEntry,
  HistoryEntry,
  JobList,
  JobResultView,
  JobTypeList,
  JobTypeView,
  JobView,
  RotatedWebhookSecret,
  UsageView,
  WebhookSecret,
} from "./views.ts";
export type { JobListener, JobsListener } from "./watch.ts";
