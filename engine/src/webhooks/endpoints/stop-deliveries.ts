import type { Clock } from "../../kit/ports.ts";
import type { DeliveryPublisher, DeliveryStore, EndpointStore } from "../ports.ts";
import type { PublishPorts } from "../publish-or-leave.ts";
import type { Delivery } from "../rules/delivery.ts";
import { type Stop, stopOf } from "../rules/delivery-policy.ts";
import { type Endpoint, JOB_ENDPOINT } from "../rules/endpoint.ts";

/** The ports that stopping an endpoint's deliveries needs. */
export interface StopPorts {
  deliveries: Pick<DeliveryStore, "apply" | "listIds">;
  publisher: DeliveryPublisher;
  clock: Clock;
}

/** Deliveries that one call stops, in parallel. */
const PAGE = 100;

/**
 * Stops the first 100 deliveries of an endpoint, as `stop` says, and asks `deliver` for the rest when there may be
 * more. An attempt under way is not interrupted: it is recorded, its success counts, and after its failure the delivery
 * stays stopped. Idempotent. Rejects when a store or the publisher is unreachable.
 */
export async function stopDeliveries(ports: StopPorts, endpointId: string, stop: Stop): Promise<void> {
  const { deliveries, publisher, clock } = ports;
  const ids = await deliveries.listIds(endpointId, stop.states, PAGE);
  await Promise.all(ids.map((deliveryId) => deliveries.apply(deliveryId, { kind: stop.action }, clock.now())));
  if (ids.length === PAGE) await publisher.publishDelivery({ endpointId });
}

/**
 * Stops the next 100 deliveries of an endpoint that is disabled or deleted; a message of its own asks for each further
 * page. Does nothing for an endpoint that takes deliveries. Rejects as `stopDeliveries` does.
 */
export async function continueStopping(
  ports: StopPorts & { endpoints: Pick<EndpointStore, "read"> },
  endpointId: string,
): Promise<void> {
  const stop = stopOf(await ports.endpoints.read(endpointId));
  if (stop) await stopDeliveries(ports, endpointId, stop);
}

/**
 * Stops the deliveries of an endpoint that was disabled, or deleted (undefined), and leaves to `deliver` what fails.
 * Never rejects: the endpoint itself is stopped already.
 */
export async function stopNowOrLater(
  ports: StopPorts & PublishPorts,
  endpointId: string,
  endpoint: Endpoint | undefined,
): Promise<void> {
  const stop = stopOf(endpoint);
  if (!stop) return;
  const { publisher, log } = ports;
  try {
    await stopDeliveries(ports, endpointId, stop);
  } catch (error) {
    const deferred = { event: "endpoint.stop-deferred", endpointId, error } as const;
    log.warn("Some deliveries of a stopped endpoint were not stopped. A message asks for the rest.", deferred);
    await publisher.publishDelivery({ endpointId }).catch((failure: unknown) => {
      const fields = { event: "endpoint.not-stopped", endpointId, error: failure } as const;
      log.error("Some deliveries of a stopped endpoint are not stopped until they are due.", fields);
    });
  }
}

/**
 * Reads the endpoint of a waiting or held delivery again, and stops the delivery if the endpoint was disabled or
 * deleted meanwhile: that request did not see this delivery. Answers the delivery after that. Rejects when a store is
 * unreachable.
 */
export async function stopIfEndpointStopped(
  ports: {
    endpoints: Pick<EndpointStore, "read">;
    deliveries: Pick<DeliveryStore, "apply">;
    clock: Clock;
  },
  delivery: Delivery,
): Promise<Delivery> {
  const { deliveryId, endpointId, state } = delivery;
  if (endpointId === JOB_ENDPOINT || (state !== "pending" && state !== "held")) return delivery;
  const stop = stopOf(await ports.endpoints.read(endpointId));
  if (!stop?.states.includes(state)) return delivery;
  const answer = await ports.deliveries.apply(deliveryId, { kind: stop.action }, ports.clock.now());
  return answer.outcome === "not-found" ? delivery : answer.delivery;
}
