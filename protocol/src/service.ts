import { z } from "zod";
import { JsonValue } from "./json.ts";

/** A JSON Schema, draft 2020-12. */
const JsonSchema = z.record(z.string(), JsonValue);

/** A job type of the deployment. */
export const JobTypeView = z.object({
  type: z.string(),
  queue: z.string(),
  /** Schema of the `input` of a submission; fields with a default are optional. */
  inputSchema: JsonSchema,
  /** Schema of the `output` of a completed job. */
  outputSchema: JsonSchema,
});
export type JobTypeView = z.infer<typeof JobTypeView>;

/** Answer of `GET /v1/types`. */
export const JobTypeList = z.object({ types: z.array(JobTypeView) });
export type JobTypeList = z.infer<typeof JobTypeList>;

/** Answer of `GET /v1/webhook-secret`: the secret that signs the webhooks of the caller's jobs, `whsec_` + base64. */
export const WebhookSecret = z.object({ secret: z.string() });
export type WebhookSecret = z.infer<typeof WebhookSecret>;

/** Answer of `POST /v1/webhook-secret/rotate`: the new secret. */
export const RotatedWebhookSecret = WebhookSecret.extend({
  /** Earlier secrets also sign until this instant. */
  overlapUntil: z.iso.datetime(),
});
export type RotatedWebhookSecret = z.infer<typeof RotatedWebhookSecret>;

/** Usage of a quota. */
const QuotaView = z.object({
  used: z.int().min(0),
  remaining: z.int().min(0),
  /** Instant at which the whole quota is available again. */
  resetsAt: z.iso.datetime(),
});

/** Answer of `GET /v1/usage`: the caller's limits and usage. */
export const UsageView = z.object({
  tier: z.string(),
  limits: z.object({
    jobsPerMinute: z.int(),
    jobsPerDay: z.int(),
    /** Bytes of all inputs accepted in a day of UTC, as UTF-8 JSON. */
    inputBytesPerDay: z.int(),
    /** Jobs that run, or are queued to run, at the same time; more wait as `pending`. */
    activeJobs: z.int(),
    /** Bytes of one input as UTF-8 JSON. */
    maxInputBytes: z.int(),
    /** Bytes of one file that a job writes, and of one upload. */
    maxFileBytes: z.int(),
    /** Requests for an upload. */
    uploadsPerMinute: z.int(),
    /** Days for which a final job, its result and its files are kept. */
    retentionDays: z.int(),
    /** Webhook endpoints. */
    endpoints: z.int(),
    /** Requests for test events, resends and recoveries, over all endpoints. */
    sendsPerMinute: z.int(),
    /** Creations, changes, rotations and deletions of endpoints. */
    changesPerMinute: z.int(),
    /** Requests for the deletion of all data. */
    erasuresPerHour: z.int(),
    /** Requests to one instance of the API, without accepted submissions. */
    requestsPerMinute: z.int(),
  }),
  minute: QuotaView,
  day: QuotaView,
  /** Bytes of the inputs of the day. */
  inputBytes: QuotaView,
  /** Jobs that run or are queued to run, and those that wait for a slot among them. */
  active: z.int().min(0),
  waiting: z.int().min(0),
  /** Webhook endpoints, with the disabled ones. */
  endpoints: z.int().min(0),
});
export type UsageView = z.infer<typeof UsageView>;

/** Answer of `DELETE /v1/data`: the caller's data up to `requestedAt` is being deleted. */
export const ErasureView = z.object({ requestedAt: z.iso.datetime() });
export type ErasureView = z.infer<typeof ErasureView>;

/** Answer of `GET /healthz`: the function runs. It does not check Firestore or Pub/Sub. */
export const Health = z.object({ status: z.literal("ok") });
export type Health = z.infer<typeof Health>;
