import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import type { Clock } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { RefusedError } from "../../kit/refusal.ts";
import type { EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { NO_ENDPOINT } from "./refusals.ts";

type EnablePorts = {
  endpoints: Pick<EndpointStore, "read" | "enable">;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  clock: Clock;
};

/**
 * Enables the caller's endpoint with a healthy state. Its held deliveries stay held until they are sent again.
 * Idempotent.
 */
export async function enableEndpoint(ports: EnablePorts, caller: Principal, endpointId: string): Promise<Endpoint> {
  await ownEndpoint(ports, caller, endpointId);
  await limitRate(ports, caller, "changes");
  const endpoint = await ports.endpoints.enable(endpointId, ports.clock.now());
  if (!endpoint) throw new RefusedError(NO_ENDPOINT);
  return endpoint;
}
