import { z } from "zod";
import { FinalStatus, JobError } from "./jobs.ts";
import { JsonValue } from "./json.ts";

/** Events about a job: one for each final status. */
export const JobEventType = z.enum(["job.completed", "job.failed", "job.cancelled"]);
export type JobEventType = z.infer<typeof JobEventType>;

/** Events about an endpoint, sent to the owner's other endpoints. `endpoint.test` is sent to the endpoint itself. */
export const EndpointEventType = z.enum([
  "endpoint.failing",
  "endpoint.disabled",
  "endpoint.recovered",
  "endpoint.test",
]);
export type EndpointEventType = z.infer<typeof EndpointEventType>;

export const WebhookEventType = z.enum([...JobEventType.options, ...EndpointEventType.options]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/**
 * Largest webhook body in bytes; Standard Webhooks recommends less than 20 KB. A body omits a larger output and has
 * `resultUrl`.
 */
export const MAX_EVENT_BYTES = 20_000;

/** Body of a webhook about a job: Standard Webhooks 1.0.0, "payload structure". */
export const JobEvent = z.object({
  type: JobEventType,
  /** Instant at which the job became final; the same in every attempt. */
  timestamp: z.iso.datetime(),
  data: z.object({
    jobId: z.string(),
    type: z.string(),
    owner: z.string(),
    status: FinalStatus,
    attempt: z.int().min(0),
    durationMs: z.int().min(0),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()),
    output: JsonValue.optional(),
    error: JobError.optional(),
    /** Address of the whole result, for the owner. */
    resultUrl: z.url(),
  }),
});
export type JobEvent = z.infer<typeof JobEvent>;

/** Body of a webhook about an endpoint. */
export const EndpointEvent = z.object({
  type: EndpointEventType,
  /** Instant of the event. */
  timestamp: z.iso.datetime(),
  data: z.object({
    endpointId: z.string(),
    /** A sentence for people. */
    message: z.string(),
    /** On `endpoint.failing`: elapsed share of the time after which the endpoint is disabled. */
    percent: z.int().min(1).max(100).optional(),
    /** Instant of the first failure since the last success. */
    failingSince: z.iso.datetime().optional(),
  }),
});
export type EndpointEvent = z.infer<typeof EndpointEvent>;

/** Body of every webhook. */
export const WebhookEvent = z.union([JobEvent, EndpointEvent]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;
