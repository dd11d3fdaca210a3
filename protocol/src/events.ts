import { z } from "zod";
import { FinalStatus, JobError } from "./jobs.ts";
import { JsonValue } from "./json.ts";

/** The event of each final status. */
export const JobEventType = z.enum(["job.completed", "job.failed", "job.cancelled"]);
export type JobEventType = z.infer<typeof JobEventType>;

/** Events about an endpoint, sent to its owner's other endpoints; `endpoint.test` goes to the endpoint itself. */
export const EndpointEventType = z.enum([
  "endpoint.failing",
  "endpoint.disabled",
  "endpoint.recovered",
  "endpoint.test",
]);
export type EndpointEventType = z.infer<typeof EndpointEventType>;

export const WebhookEventType = z.enum([...JobEventType.options, ...EndpointEventType.options]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** Largest webhook body in bytes (Standard Webhooks recommends payloads under 20 KB). A larger output is left out and `resultUrl` stands for it. */
export const MAX_EVENT_BYTES = 20_000;

/** Body of a webhook about a job: Standard Webhooks 1.0.0, "payload structure". */
export const JobEvent = z.object({
  type: JobEventType,
  /** When the job ended, not when this attempt was sent. */
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
    /** Always present: where the owner reads the whole result. */
    resultUrl: z.url(),
  }),
});
export type JobEvent = z.infer<typeof JobEvent>;

/** Body of a webhook about an endpoint. */
export const EndpointEvent = z.object({
  type: EndpointEventType,
  /** When it happened. */
  timestamp: z.iso.datetime(),
  data: z.object({
    endpointId: z.string(),
    /** For a person. */
    message: z.string(),
    /** `endpoint.failing` only: how much of the time until the endpoint is disabled is over. */
    percent: z.int().min(1).max(100).optional(),
    /** When the first of the failed attempts since the last success ended. */
    failingSince: z.iso.datetime().optional(),
  }),
});
export type EndpointEvent = z.infer<typeof EndpointEvent>;

/** Body of every webhook. */
export const WebhookEvent = z.union([JobEvent, EndpointEvent]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;
