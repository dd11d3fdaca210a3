import type { DeliveryMessage } from "@baton/protocol";
import { reach } from "../../http/problems.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";

/**
 * Calls `publishOrLeave` within the deadline of a request: a publisher that does not answer counts as one that failed.
 */
export function publishDelivery({ publisher, log }: PublishPorts, message: DeliveryMessage): Promise<void> {
  const publishInTime = (one: DeliveryMessage) => reach("the publisher", publisher.publishDelivery(one));
  return publishOrLeave({ publisher: { publishDelivery: publishInTime }, log }, message);
}
