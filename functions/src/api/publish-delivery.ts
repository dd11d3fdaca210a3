import type { DeliveryMessage } from "@baton/protocol";
import type { ApiPorts } from "./api-ports.ts";
import { reach } from "./problems.ts";

/** Sends on what is stored and due already: when Pub/Sub does not take it, or keeps silent, the sweep makes up for it. */
export async function publishDelivery(
  { publisher, log }: Pick<ApiPorts, "publisher" | "log">,
  message: DeliveryMessage,
): Promise<void> {
  try {
    await reach("the publisher", publisher.publishDelivery(message));
  } catch (error) {
    log.warn("A delivery was stored and not published; the sweep looks after it.", { ...message, error });
  }
}
