import type { Clock, Log } from "../../kit/ports.ts";
import type { DeliveryPublisher, DeliveryStore, EndpointStore } from "../ports.ts";
import type { Delivery, DeliveryState } from "../rules/delivery.ts";
import { type Endpoint, JOB_ENDPOINT } from "../rules/endpoint.ts";

/** Why an endpoint gets nothing more: it was disabled, it answered 410, or it was deleted. */
export type Stop = "disabled" | "gone" | "deleted";

/** The ports that stopping an endpoint's deliveries needs. */
export interface StopPorts {
  deliveries: Pick<DeliveryStore, "apply" | "listIds">;
  publisher: DeliveryPublisher;
  clock: Clock;
}

/** Deliveries that one call stops, side by side. */
const PAGE = 100;

/** A deleted endpoint is never enabled again: what was held for it is cancelled, too. */
const STOPS: Readonly<Record<Stop, { kind: "hold" | "cancel"; states: readonly DeliveryState[] }>> = {
  disabled: { kind: "hold", states: ["pending", "sending"] },
  gone: { kind: "cancel", states: ["pending", "sending"] },
  deleted: { kind: "cancel", states: ["pending", "sending", "held"] },
};

/**
 * Stops the first 100 of an endpoint's deliveries that have not ended, and asks `deliver` for the rest when there may be more. An
 * attempt that is under way is not interrupted: it is recorded, its success counts, and its failure leaves the delivery stopped.
 * Idempotent. Rejects when a store or the publisher is unreachable.
 */
export async function stopDeliveries(ports: StopPorts, endpointId: string, stop: Stop): Promise<void> {
  const { deliveries, publisher, clock } = ports;
  const { kind, states } = STOPS[stop];
  const ids = await deliveries.listIds(endpointId, states, PAGE);
  await Promise.all(ids.map((deliveryId) => deliveries.apply(deliveryId, { kind }, clock.now())));
  if (ids.length === PAGE) await publisher.publishDelivery({ endpointId });
}

/**
 * Stops the deliveries of an endpoint that is disabled or gone, a page a call, each later page by a message of its own. Does nothing
 * for an endpoint that takes deliveries. Rejects as `stopDeliveries` does.
 */
export async function continueStopping(
  ports: StopPorts & { endpoints: Pick<EndpointStore, "read"> },
  endpointId: string,
): Promise<void> {
  const stop = stopOf(await ports.endpoints.read(endpointId));
  if (stop) await stopDeliveries(ports, endpointId, stop);
}

/** Calls `stopDeliveries`, and leaves all of it to `deliver` when that fails. Never rejects: the endpoint itself is stopped already. */
export async function stopNowOrLater(
  ports: StopPorts & { log: Log },
  endpointId: string,
  stop: () => Promise<void>,
): Promise<void> {
  try {
    await stop();
  } catch (error) {
    ports.log.warn("Not all deliveries of a stopped endpoint were stopped; a message asks for the rest.", {
      endpointId,
      error,
    });
    await ports.publisher.publishDelivery({ endpointId }).catch((failure: unknown) => {
      ports.log.error("Deliveries of a stopped endpoint stay as they are until their next attempt.", {
        endpointId,
        error: failure,
      });
    });
  }
}

/**
 * Looks at the endpoint once more after a delivery was left waiting or held. Stops the delivery when the endpoint was
 * disabled or deleted in the meantime: that request did not see this delivery. Answers the delivery as it is then.
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
  if (!stop || !STOPS[stop].states.includes(state)) return delivery;
  const answer = await ports.deliveries.apply(deliveryId, { kind: STOPS[stop].kind }, ports.clock.now());
  return answer.outcome === "not-found" ? delivery : answer.delivery;
}

function stopOf(endpoint: Endpoint | undefined): Stop | undefined {
  if (!endpoint) return "deleted";
  return endpoint.disabled && (endpoint.disabled.reason === "gone" ? "gone" : "disabled");
}
