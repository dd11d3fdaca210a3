import { createHash } from "node:crypto";
import type { WebhookEventType } from "@baton/protocol";

/**
 * The `webhook-id` of one event of one job for one endpoint, derived so that every attempt and every resend carries the
 * same one: `msg_` and 32 hexadecimal digits. It is also the delivery's document id.
 */
export function webhookId(jobId: string, event: WebhookEventType, endpointId: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([jobId, event, endpointId]))
    .digest("hex");
  return `msg_${digest.slice(0, 32)}`;
}
