import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import { limitPace } from "../../http/limit-pace.ts";
import { ProblemError, type Refusal, reach } from "../../http/problems.ts";
import type { Clock, Ids } from "../../kit/ports.ts";
import type { Pace } from "../../kit/rate-limiter.ts";
import type { EndpointStore, NewWebhookKey } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { checkEncryption } from "./check-endpoint.ts";
import { NO_ENDPOINT, ownEndpoint } from "./read-endpoint.ts";

type RotatePorts = {
  endpoints: EndpointStore;
  pace: Pace;
  tiers: Tiers;
  newKey: NewWebhookKey;
  encryptsSecrets: boolean;
  clock: Clock;
  ids: Pick<Ids, "documentId" | "webhookId">;
};

/** What came of it; `secret` is for the caller's eyes, once, and absent when a public key verifies. */
export type Rotation =
  | { outcome: "rotated"; endpoint: Endpoint; secret?: string; overlapUntil: Date }
  | { outcome: "refused"; refusal: Refusal };

/**
 * Gives the caller's endpoint a new secret. Those it has go on signing for `overlapSeconds` (0 to 604,800), beside the new one,
 * so that the receiver may change over at any moment between.
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
  await limitPace(ports, caller, "changes");
  const now = ports.clock.now();
  const overlapUntil = new Date(now.getTime() + overlapSeconds * 1000);
  const { secret } = ports.newKey(scheme);
  const next = { secretId: ports.ids.documentId(), secret, createdAt: now };
  const answer = await reach("the endpoint store", ports.endpoints.rotate(endpointId, next, overlapUntil, now));
  if (!answer) throw new ProblemError(NO_ENDPOINT);
  if (answer.outcome === "too-many") return { outcome: "refused", refusal: TOO_MANY };
  return { outcome: "rotated", endpoint: answer.endpoint, overlapUntil, ...(scheme === "v1" && { secret }) };
}

const TOO_MANY: Refusal = {
  code: "too-many-secrets",
  detail:
    "The endpoint has ten live secrets, the most there may be. Wait until the overlap of one is over, " +
    "or rotate with overlapSeconds: 0, which ends them all at once.",
};
