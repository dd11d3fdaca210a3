import type { Publish } from "../platform/pubsub/publisher.ts";
import { DELIVERY_TOPIC } from "../platform/pubsub/topics.ts";
import type { DeliveryPublisher } from "./ports.ts";

/** Publishes messages about deliveries to their topic. */
export function deliveryPublisher(publish: Publish): DeliveryPublisher {
  return { publishDelivery: (message) => publish(DELIVERY_TOPIC, message) };
}
