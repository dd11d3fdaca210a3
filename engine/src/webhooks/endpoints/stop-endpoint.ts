import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import { limitPace } from "../../http/limit-pace.ts";
import { ProblemError, reach } from "../../http/problems.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { Pace } from "../../kit/rate-limiter.ts";
import type { DeliveryPublisher, DeliveryStore, EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { NO_ENDPOINT, ownEndpoint } from "./read-endpoint.ts";
import { type Stop, stopDeliveries, stopNowOrLater } from "./stop-deliveries.ts";

type StopPorts = {
  endpoints: EndpointStore;
  deliveries: DeliveryStore;
  pace: Pace;
  tiers: Tiers;
  publisher: DeliveryPublisher;
  clock: Clock;
  log: Log;
};

/** Sends the caller's endpoint nothing more until it is enabled: its deliveries that have not ended are held. Idempotent. */
export async function disableEndpoint(ports: StopPorts, caller: Principal, endpointId: string): Promise<Endpoint> {
  await ownEndpoint(ports, caller, endpointId);
  await limitPace(ports, caller, "changes");
  const disabled = ports.endpoints.disable(endpointId, "owner", ports.clock.now());
  const endpoint = await reach("the endpoint store", disabled);
  if (!endpoint) throw new ProblemError(NO_ENDPOINT);
  await stopAll(ports, endpointId, "disabled");
  return endpoint;
}

/** Deletes the caller's endpoint with its secrets, and cancels its deliveries that have not ended, the held ones too. */
export async function deleteEndpoint(ports: StopPorts, caller: Principal, endpointId: string): Promise<void> {
  await ownEndpoint(ports, caller, endpointId);
  await limitPace(ports, caller, "changes");
  await reach("the endpoint store", ports.endpoints.delete(endpointId));
  await stopAll(ports, endpointId, "deleted");
}

function stopAll(ports: StopPorts, endpointId: string, stop: Stop): Promise<void> {
  const now = () => reach("the delivery store", stopDeliveries(ports, endpointId, stop));
  return stopNowOrLater(ports, endpointId, now);
}
