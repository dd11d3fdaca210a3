import type { ChangeEndpointRequest } from "@baton/protocol";
import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import type { JobType } from "../../job-types/define-job.ts";
import type { Clock } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import type { UrlGuard } from "../egress/ports.ts";
import type { EndpointChange, EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { checkEncryption, checkEndpoint } from "./check-endpoint.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { NO_ENDPOINT } from "./refusals.ts";

type ChangePorts = {
  endpoints: Pick<EndpointStore, "read" | "change">;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  urlGuard: UrlGuard;
  types: ReadonlyMap<string, JobType>;
  encryptsSecrets: boolean;
  clock: Clock;
};

/**
 * Changes the fields of the caller's endpoint that the request names, by the rules of its creation. The change applies
 * to pending deliveries, too. Throws `RefusedError` when there is no such endpoint.
 */
export async function changeEndpoint(
  ports: ChangePorts,
  caller: Principal,
  endpointId: string,
  request: ChangeEndpointRequest,
): Promise<{ outcome: "changed"; endpoint: Endpoint } | { outcome: "refused"; refusal: Refusal }> {
  await ownEndpoint(ports, caller, endpointId);
  const checked = checkEndpoint(ports, request);
  if ("code" in checked) return { outcome: "refused", refusal: checked };
  const unable = request.headers === undefined ? undefined : checkEncryption(ports);
  if (unable) return { outcome: "refused", refusal: unable };
  await limitRate(ports, caller, "changes");
  const change = changeOf(request, checked.headers);
  const endpoint = await ports.endpoints.change(endpointId, change, ports.clock.now());
  // Deleted since it was read.
  if (!endpoint) throw new RefusedError(NO_ENDPOINT);
  return { outcome: "changed", endpoint };
}

/** Null clears a field: no filter, no headers, no description, no limit. */
function changeOf(request: ChangeEndpointRequest, headers: Record<string, string>): EndpointChange {
  const { url, events, types, description, rateLimit } = request;
  return {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events: events ?? [] }),
    ...(types !== undefined && { types: types ?? [] }),
    ...(description !== undefined && { description: description ?? "" }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(request.headers !== undefined && { headers, headerNames: Object.keys(headers) }),
  };
}
