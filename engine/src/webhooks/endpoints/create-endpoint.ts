import type { CreateEndpointRequest } from "@baton/protocol";
import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import { limitsOf, type Tiers } from "../../accounts/tiers.ts";
import type { JobType } from "../../job-types/define-job.ts";
import type { Clock, Ids } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import type { Refusal } from "../../kit/refusal.ts";
import type { UrlGuard } from "../egress/ports.ts";
import type { EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { HEALTHY } from "../rules/health.ts";
import type { NewWebhookKey } from "../signing/ports.ts";
import { checkEncryption, checkEndpoint } from "./check-endpoint.ts";

type CreatePorts = {
  endpoints: Pick<EndpointStore, "create">;
  rateLimiter: RateLimiter;
  urlGuard: UrlGuard;
  types: ReadonlyMap<string, JobType>;
  tiers: Tiers;
  newKey: NewWebhookKey;
  encryptsSecrets: boolean;
  clock: Clock;
  ids: Pick<Ids, "documentId" | "webhookId">;
};

/** The outcome of a creation. `secret` is shown to the caller once; absent for `v1a`, where a public key verifies. */
export type EndpointCreation =
  | { outcome: "created"; endpoint: Endpoint; secret?: string }
  | { outcome: "refused"; refusal: Refusal };

/**
 * Creates an enabled endpoint of the caller with its first secret. Throws `UnavailableError` when the store is
 * unreachable.
 */
export async function createEndpoint(
  ports: CreatePorts,
  caller: Principal,
  request: CreateEndpointRequest,
): Promise<EndpointCreation> {
  const checked = checkEndpoint(ports, request);
  if ("code" in checked) return { outcome: "refused", refusal: checked };
  const unable = checkEncryption(ports);
  if (unable) return { outcome: "refused", refusal: unable };
  await limitRate(ports, caller, "changes");

  const now = ports.clock.now();
  const { scheme = "v1" } = request;
  const { secret, publicKey } = ports.newKey(scheme);
  const endpoint = newEndpoint(ports.ids.documentId(), caller.uid, request, Object.keys(checked.headers), now);
  const stored: Endpoint = { ...endpoint, scheme, publicKeys: publicKey === undefined ? [] : [{ key: publicKey }] };
  const first = { secretId: ports.ids.documentId(), secret, createdAt: now };
  const { endpoints: limit } = limitsOf(ports.tiers, caller.tier);
  const answer = await ports.endpoints.create(stored, first, checked.headers, limit);
  if (answer === "too-many") return { outcome: "refused", refusal: tooMany(limit) };
  return { outcome: "created", endpoint: stored, ...(scheme === "v1" && { secret }) };
}

function newEndpoint(
  endpointId: string,
  owner: string,
  { url, events = [], types = [], description = "", rateLimit }: CreateEndpointRequest,
  headerNames: string[],
  now: Date,
): Omit<Endpoint, "scheme" | "publicKeys"> {
  return {
    endpointId,
    owner,
    url,
    description,
    events,
    types,
    headerNames,
    ...(rateLimit !== undefined && { rateLimit }),
    health: HEALTHY,
    createdAt: now,
    updatedAt: now,
  };
}

function tooMany(limit: number): Refusal {
  const detail = `You have ${limit} endpoints, which is your limit. Delete one, or change one to what you need.`;
  return { code: "too-many-endpoints", detail };
}
