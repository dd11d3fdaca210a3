import type { Principal } from "../../accounts/principal.ts";
import { limitRate } from "../../http/limit-rate.ts";
import { reach } from "../../http/problems.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { type StopEndpointPorts, stopDeliveriesOf } from "./stop-deliveries-of.ts";

/** Deletes the caller's endpoint with its secrets, and cancels its pending and held deliveries. */
export async function deleteEndpoint(ports: StopEndpointPorts, caller: Principal, endpointId: string): Promise<void> {
  await ownEndpoint(ports, caller, endpointId);
  await limitRate(ports, caller, "changes");
  await reach("the endpoint store", ports.endpoints.delete(endpointId));
  await stopDeliveriesOf(ports, endpointId, undefined);
}
