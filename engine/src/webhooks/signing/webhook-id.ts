import { createHash } from "node:crypto";
import type { WebhookEventType } from "@baton/protocol";

/**
 * Derives the `webhook-id` of one event for one endpoint: `msg_` + 32 hexadecimal digits. Every attempt and every
 * resend carries the same one. It is also the document id of the delivery. `subjectId` is the id of the job, or of the
 * alert.
 */
export function webhookId(subjectId: string, event: WebhookEventType, endpointId: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([subjectId, event, endpointId]))
    .digest("hex");
  return `msg_${digest.slice(0, 32)}`;
}
