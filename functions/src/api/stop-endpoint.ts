import type { Principal } from "../core/ports.ts";
import type { Endpoint } from "../core/webhooks/endpoint.ts";
import type { ApiPorts } from "./api-ports.ts";
import { ProblemError, reach } from "./problems.ts";
import { NO_ENDPOINT, ownEndpoint } from "./read-endpoint.ts";

type StopPorts = Pick<ApiPorts, "endpoints" | "deliveries" | "clock" | "log">;

/** Deliveries looked at in one go, and how many goes one request makes: the rest is found by whoever would send it. */
const PAGE = 100;
const MAX_PAGES = 20;

/** Sends the caller's endpoint nothing more until it is enabled: what is pending for it is held. Idempotent. */
export async function disableEndpoint(ports: StopPorts, caller: Principal, endpointId: string): Promise<Endpoint> {
  await ownEndpoint(ports, caller, endpointId);
  const disabled = ports.endpoints.disable(endpointId, "owner", ports.clock.now());
  const endpoint = await reach("the endpoint store", disabled);
  if (!endpoint) throw new ProblemError(NO_ENDPOINT);
  await stopPending(ports, endpointId, "hold");
  return endpoint;
}

/** Deletes the caller's endpoint with its secrets, and cancels what is pending for it. */
export async function deleteEndpoint(ports: StopPorts, caller: Principal, endpointId: string): Promise<void> {
  await ownEndpoint(ports, caller, endpointId);
  await reach("the endpoint store", ports.endpoints.delete(endpointId));
  await stopPending(ports, endpointId, "cancel");
}

/** The endpoint is stopped from here on, so this only makes it show sooner: the next attempt of what is left over finds out by itself. */
async function stopPending({ deliveries, clock, log }: StopPorts, endpointId: string, kind: "hold" | "cancel") {
  try {
    for (let page = 0; page < MAX_PAGES; page++) {
      const ids = await reach("the delivery store", deliveries.listPending(endpointId, PAGE));
      const stopping = ids.map((deliveryId) => deliveries.apply(deliveryId, { kind }, clock.now()));
      await reach("the delivery store", Promise.all(stopping));
      if (ids.length < PAGE) return;
    }
  } catch (error) {
    log.warn("An endpoint was stopped, and not all of its pending deliveries; their next attempts find out.", {
      endpointId,
      kind,
      error,
    });
  }
}
