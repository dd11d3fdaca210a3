import {
  type FinalStatus,
  type HistoryReason,
  type JobStatus,
  JsonValue,
  FileAddress as KnownFileAddress,
  HistoryEntry as KnownHistoryEntry,
  JobError as KnownJobError,
  JobList as KnownJobList,
  JobResultView as KnownJobResultView,
  type JobTypeList as KnownJobTypeList,
  JobTypeView as KnownJobTypeView,
  JobView as KnownJobView,
  RotatedWebhookSecret as KnownRotatedWebhookSecret,
  UsageView as KnownUsageView,
  WebhookSecret as KnownWebhookSecret,
  type WaitingFor,
} from "@baton/protocol";
import { z } from "zod";
import { type Open, open } from "./open.ts";

// Answers of the API as clients read them: values and fields of a newer server pass through.

/** An entry of a job's history: the job reached `status` at `at` during `attempt` (0 before the first claim). */
export type HistoryEntry = Omit<KnownHistoryEntry, "status" | "reason"> & {
  status: Open<JobStatus>;
  reason?: Open<HistoryReason> | undefined;
};

/** A job, without its input and output. Instants are ISO 8601 in UTC. */
export type JobView = Omit<KnownJobView, "status" | "waitingFor" | "history"> & {
  /** May be a status of a newer server: show it unchanged. */
  status: Open<JobStatus>;
  /** On a `pending` job. */
  waitingFor?: Open<WaitingFor> | undefined;
  history: HistoryEntry[];
};

/** A page of jobs; `nextCursor` is absent on the last page. */
export type JobList = Omit<KnownJobList, "jobs"> & { jobs: JobView[] };

/** The result of a final job: `output` or `error`. */
export type JobResultView = Omit<KnownJobResultView, "status"> & { status: Open<FinalStatus> };

/** A job type of the deployment, with the JSON Schemas of its input and output. */
export type JobTypeView = KnownJobTypeView;

/** Every job type of the deployment. */
export type JobTypeList = KnownJobTypeList;

/** An entry of a catalog: what `type`, a job type, says about one choice of its input. */
export type CatalogEntry = Record<string, JsonValue> & { type: string };

/** The caller's limits and usage. */
export type UsageView = KnownUsageView;

/** The secret that signs the webhooks of the caller's jobs: `whsec_` + base64. */
export type WebhookSecret = KnownWebhookSecret;

/** The new secret; earlier secrets also sign until `overlapUntil`. */
export type RotatedWebhookSecret = KnownRotatedWebhookSecret;

const jobFields = {
  ...KnownJobView.shape,
  status: open<JobStatus>(),
  waitingFor: open<WaitingFor>().optional(),
  error: KnownJobError.loose().optional(),
  history: z.array(
    z.looseObject({ ...KnownHistoryEntry.shape, status: open<JobStatus>(), reason: open<HistoryReason>().optional() }),
  ),
};
const resultFields = {
  ...KnownJobResultView.shape,
  status: open<FinalStatus>(),
  error: KnownJobError.loose().optional(),
};
const usage = KnownUsageView.shape;

/** Schemas of the API's answers. Unknown fields pass through. */
export const answers = {
  job: z.looseObject(jobFields),
  jobs: z.looseObject({ ...KnownJobList.shape, jobs: z.array(z.looseObject(jobFields)) }),
  result: z.looseObject(resultFields),
  types: z.looseObject({ types: z.array(KnownJobTypeView.loose()) }),
  fileAddress: KnownFileAddress.loose(),
  usage: z.looseObject({
    ...usage,
    limits: usage.limits.loose(),
    minute: usage.minute.loose(),
    day: usage.day.loose(),
    inputBytes: usage.inputBytes.loose(),
  }),
  webhookSecret: KnownWebhookSecret.loose(),
  rotatedWebhookSecret: KnownRotatedWebhookSecret.loose(),
};

const CatalogEntry = z.object({ type: z.string() }).catchall(JsonValue);

/** Gives the schema of a catalog's answer, `{ NAME: [entries] }`; it reads the entries. */
export function catalogAnswer(name: string) {
  return z.looseObject({ [name]: z.array(CatalogEntry) }).transform((answer): CatalogEntry[] => answer[name] ?? []);
}

/** Schemas of stored documents. Fields outside the view are private to the engine, and are dropped. */
export const documents = { job: z.object(jobFields), result: z.object(resultFields) };
