import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import type { Clock, Ids } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import type { EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import type { NewWebhookKey } from "../signing/ports.ts";
import { checkEncryption } from "./check-endpoint.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { NO_ENDPOINT } from "./refusals.ts";

type RotatePorts = {
  endpoints: Pick<EndpointStore, "read" | "rotate">;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  newKey: NewWebhookKey;
  encryptsSecrets: boolean;
  clock: Clock;
  ids: Pick<Ids, "documentId" | "webhookId">;
};

/** The outcome of a rotation. `secret` is shown to the caller once; absent for `v1a`, where a public key verifies. */
export type Rotation =
  | { outcome: "rotated"; endpoint: Endpoint; secret?: string; overlapUntil: Date }
  | { outcome: "refused"; refusal: Refusal };

/**
 * Rotates the secret of the caller's endpoint. The older secrets sign beside the new one for `overlapSeconds` (0 to
 * 604,800), so that the receiver may change over at any time until then.
 */
export async function rotateSecret(
  ports: RotatePorts,
  caller: Principal,
  endpointId: string,
  overlapSeconds: number,
): Promise<Rotation> {
  const { scheme } = await ownEndpoint(ports, caller, endpointId);
  const unable = checkEncryption(ports);
  if (unable) return { outcome: "refused", refusal: unable };
  await limitRate(ports, caller, "changes");
  const now = ports.clock.now();
  const overlapUntil = new Date(now.getTime() + overlapSeconds * 1000);
  const { secret } = ports.newKey(scheme);
  const next = { secretId: ports.ids.documentId(), secret, createdAt: now };
  const answer = await ports.endpoints.rotate(endpointId, next, overlapUntil, now);
  if (!answer) throw new RefusedError(NO_ENDPOINT);
  if (answer.outcome === "too-many") return { outcome: "refused", refusal: TOO_MANY };
  return { outcome: "rotated", endpoint: answer.endpoint, overlapUntil, ...(scheme === "v1" && { secret }) };
}

const TOO_MANY: Refusal = {
  code: "too-many-secrets",
  detail:
    "The endpoint has ten live secrets, which is the limit. Wait until the overlap of one has passed, " +
    "or rotate with overlapSeconds: 0, which ends them all at once.",
};
