import { z } from "zod";
import { FinalStatus, JobError } from "./jobs.ts";
import { JsonValue } from "./json.ts";

/** The event of each final status. */
export const WebhookEventType = z.enum(["job.completed", "job.failed", "job.cancelled"]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** Largest webhook body in bytes (Standard Webhooks recommends payloads under 20 KB). A larger output is left out and `resultUrl` stands for it. */
export const MAX_EVENT_BYTES = 20_000;

/** Body of every webhook: Standard Webhooks 1.0.0, "payload structure". */
export const WebhookEvent = z.object({
  type: WebhookEventType,
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
export type WebhookEvent = z.infer<typeof WebhookEvent>;
