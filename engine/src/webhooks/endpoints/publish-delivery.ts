import type { DeliveryMessage } from "@baton/protocol";
import { reach } from "../../http/problems.ts";
import type { Log } from "../../kit/ports.ts";
import type { DeliveryPublisher } from "../ports.ts";

/** Sends on what is stored and due already: when Pub/Sub does not take it, or keeps silent, the sweep makes up for it. */
export async function publishDelivery(
  { publisher, log }: { publisher: DeliveryPublisher; log: Log },
  message: DeliveryMessage,
): Promise<void> {
  try {
    await reach("the publisher", publisher.publishDelivery(message));
  } catch (error) {
    log.warn("A delivery was stored and not published; the sweep looks after it.", { ...message, error });
  }
}
