import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import type { StopEndpointPorts } from "./disable-endpoint.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { stopNowOrLater } from "./stop-deliveries.ts";

/** Deletes the caller's endpoint with its secrets, and cancels its pending and held deliveries. */
export async function deleteEndpoint(ports: StopEndpointPorts, caller: Principal, endpointId: string): Promise<void> {
  await ownEndpoint(ports, caller, endpointId);
  await limitRate(ports, caller, "changes");
  await ports.endpoints.delete(endpointId);
  await stopNowOrLater(ports, endpointId, undefined);
}
