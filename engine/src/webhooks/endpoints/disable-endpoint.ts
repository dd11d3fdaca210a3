import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { RefusedError } from "../../kit/refusal.ts";
import type { EndpointStore } from "../ports.ts";
import type { PublishPorts } from "../publish-or-leave.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { NO_ENDPOINT } from "./refusals.ts";
import { type StopPorts, stopNowOrLater } from "./stop-deliveries.ts";

/** The ports that disabling or deleting an endpoint needs. */
export type StopEndpointPorts = StopPorts &
  PublishPorts & {
    endpoints: Pick<EndpointStore, "read" | "disable" | "delete">;
    rateLimiter: RateLimiter;
    tiers: Tiers;
  };

/** Disables the caller's endpoint: its pending deliveries are held until it is enabled and recovered. Idempotent. */
export async function disableEndpoint(
  ports: StopEndpointPorts,
  caller: Principal,
  endpointId: string,
): Promise<Endpoint> {
  await ownEndpoint(ports, caller, endpointId);
  await limitRate(ports, caller, "changes");
  const endpoint = await ports.endpoints.disable(endpointId, "owner", ports.clock.now());
  if (!endpoint) throw new RefusedError(NO_ENDPOINT);
  await stopNowOrLater(ports, endpointId, endpoint);
  return endpoint;
}
