import type { DeliveryMessage } from "@baton/protocol";
import type { WebhookLog } from "./log-events.ts";
import type { DeliveryPublisher } from "./ports.ts";

/** The ports that publishing a message about deliveries needs. */
export interface PublishPorts {
  publisher: DeliveryPublisher;
  log: WebhookLog;
}

/**
 * Publishes a message whose subject is stored as due, or leaves it to the sweep: when Pub/Sub does not take it, the
 * next sweep publishes it again. Never rejects. `level` is that of the log line about a message that was left.
 */
export async function publishOrLeave(
  { publisher, log }: PublishPorts,
  message: DeliveryMessage,
  level: "warn" | "error" = "warn",
): Promise<void> {
  try {
    await publisher.publishDelivery(message);
  } catch (error) {
    const fields = { event: "message.not-published", ...message, error } as const;
    log[level]("A webhook message was not published. The next sweep publishes it again.", fields);
  }
}
