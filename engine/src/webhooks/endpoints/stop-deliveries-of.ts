import type { Tiers } from "../../accounts/tiers.ts";
import { reach } from "../../http/problems.ts";
import type { Clock } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import type { DeliveryStore, EndpointStore } from "../ports.ts";
import type { PublishPorts } from "../publish-or-leave.ts";
import { stopOf } from "../rules/delivery-policy.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { stopDeliveries, stopNowOrLater } from "./stop-deliveries.ts";

/** The ports that disabling or deleting an endpoint needs. */
export type StopEndpointPorts = PublishPorts & {
  endpoints: EndpointStore;
  deliveries: DeliveryStore;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  clock: Clock;
};

/** Stops the deliveries of an endpoint that its owner disabled, or deleted (undefined). Never rejects. */
export async function stopDeliveriesOf(
  ports: StopEndpointPorts,
  endpointId: string,
  endpoint: Endpoint | undefined,
): Promise<void> {
  const stop = stopOf(endpoint);
  if (!stop) return;
  const stopping = () => reach("the delivery store", stopDeliveries(ports, endpointId, stop));
  await stopNowOrLater(ports, endpointId, stopping);
}
