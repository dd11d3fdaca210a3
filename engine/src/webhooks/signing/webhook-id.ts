import { createHash } from "node:crypto";
import type { WebhookEventType } from "@baton/protocol";

/**
 * The `webhook-id` of one event for one endpoint, derived so that every attempt and every resend carries the same one: `msg_`
 * and 32 hexadecimal digits. It is also the delivery's document id. `subjectId` is that of the job the event is about, or of
 * the alert.
 */
export function webhookId(subjectId: string, event: WebhookEventType, endpointId: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([subjectId, event, endpointId]))
    .digest("hex");
  return `msg_${digest.slice(0, 32)}`;
}
