import type { IncomingHttpHeaders } from "node:http";
import { verifyWebhook } from "@baton/client/webhooks";

/** A completed job, as a webhook tells of it. */
export interface CompletedJob {
  jobId: string;
  output: unknown;
}

/** Reads a webhook; undefined for other events. Throws a `WebhookError` unless it was signed with `secret`. */
export function completedJob(secret: string, headers: IncomingHttpHeaders, body: string): CompletedJob | undefined {
  const event = verifyWebhook(secret, headers, body);
  if (event.type !== "job.completed") return undefined;
  return { jobId: event.data.jobId, output: event.data.output };
}
