import type { Principal } from "../../accounts/principal.ts";
import { limitRate } from "../../http/limit-rate.ts";
import { ProblemError, reach } from "../../http/problems.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { NO_ENDPOINT } from "./refusals.ts";
import { type StopEndpointPorts, stopDeliveriesOf } from "./stop-deliveries-of.ts";

/** Disables the caller's endpoint: its pending deliveries are held until it is enabled and recovered. Idempotent. */
export async function disableEndpoint(
  ports: StopEndpointPorts,
  caller: Principal,
  endpointId: string,
): Promise<Endpoint> {
  await ownEndpoint(ports, caller, endpointId);
  await limitRate(ports, caller, "changes");
  const disabling = ports.endpoints.disable(endpointId, "owner", ports.clock.now());
  const endpoint = await reach("the endpoint store", disabling);
  if (!endpoint) throw new ProblemError(NO_ENDPOINT);
  await stopDeliveriesOf(ports, endpointId, endpoint);
  return endpoint;
}
