import { z } from "zod";
import { JsonValue } from "./json.ts";

/** A JSON Schema, draft 2020-12. */
const JsonSchema = z.record(z.string(), JsonValue);

/** One kind of work this deployment can do. */
export const JobTypeView = z.object({
  type: z.string(),
  queue: z.string(),
  /** What `input` of a submission must look like; fields with a default may be left out. */
  inputSchema: JsonSchema,
  /** What `output` of a completed job looks like. */
  outputSchema: JsonSchema,
});
export type JobTypeView = z.infer<typeof JobTypeView>;

/** Answer of `GET /v1/types`. */
export const JobTypeList = z.object({ types: z.array(JobTypeView) });
export type JobTypeList = z.infer<typeof JobTypeList>;

/** Answer of `GET /v1/webhook-secret`: what signs the webhooks of the caller's own jobs, `whsec_` + base64. */
export const WebhookSecret = z.object({ secret: z.string() });
export type WebhookSecret = z.infer<typeof WebhookSecret>;

/** Answer of `POST /v1/webhook-secret/rotate`: with the new secret. */
export const RotatedWebhookSecret = WebhookSecret.extend({
  /** Until then the secrets from before sign, too. */
  overlapUntil: z.iso.datetime(),
});
export type RotatedWebhookSecret = z.infer<typeof RotatedWebhookSecret>;

/** How much of a quota is used. */
const QuotaView = z.object({
  used: z.int().min(0),
  remaining: z.int().min(0),
  /** When all of it is given back. */
  resetsAt: z.iso.datetime(),
});

/** Answer of `GET /v1/usage`: what the caller may use, and has used. */
export const UsageView = z.object({
  tier: z.string(),
  limits: z.object({
    jobsPerMinute: z.int(),
    jobsPerDay: z.int(),
    /** Of all inputs accepted in a day of UTC, as UTF-8 JSON. */
    inputBytesPerDay: z.int(),
    /** Jobs that run, or are queued to run, at the same time; more wait as `pending`. */
    activeJobs: z.int(),
    /** Of one input as UTF-8 JSON. */
    maxInputBytes: z.int(),
    /** How long a job and its result are kept after its end. */
    retentionDays: z.int(),
    /** Webhook endpoints. */
    endpoints: z.int(),
    /** Test events, resends and recoveries asked for in a minute, over all endpoints. */
    sendsPerMinute: z.int(),
    /** Creations, changes, rotations and deletions of endpoints. */
    changesPerMinute: z.int(),
    /** Requests for the deletion of all data. */
    erasuresPerHour: z.int(),
    /** Requests, besides submissions that are accepted, to one instance of the API. */
    requestsPerMinute: z.int(),
  }),
  minute: QuotaView,
  day: QuotaView,
  /** Bytes of the day's inputs. */
  inputBytes: QuotaView,
  /** Jobs that run or are queued to run, and those that wait for a slot among them. */
  active: z.int().min(0),
  waiting: z.int().min(0),
  /** Webhook endpoints there are, disabled ones too. */
  endpoints: z.int().min(0),
});
export type UsageView = z.infer<typeof UsageView>;

/** Answer of `DELETE /v1/data`: the caller's data from up to `requestedAt` is going to be deleted. */
export const ErasureView = z.object({ requestedAt: z.iso.datetime() });
export type ErasureView = z.infer<typeof ErasureView>;

/** Answer of `GET /healthz`: the function runs. It says nothing about Firestore or Pub/Sub. */
export const Health = z.object({ status: z.literal("ok") });
export type Health = z.infer<typeof Health>;
