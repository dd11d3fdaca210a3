import type { RecoverEndpointRequest } from "@baton/protocol";
import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import { limitsOf, type Tiers } from "../../accounts/tiers.ts";
import { summary } from "../../kit/issues.ts";
import type { Clock, Ids } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import { expiryOf, retentionMsOf } from "../../kit/retention.ts";
import { shardOf } from "../../kit/shard.ts";
import type { EndpointStore, RecoveryStore } from "../ports.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";
import type { Recovery } from "../rules/recovery.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { ENDPOINT_DISABLED, NO_ENDPOINT } from "./refusals.ts";

type RecoverPorts = PublishPorts & {
  endpoints: Pick<EndpointStore, "read">;
  recoveries: Pick<RecoveryStore, "listOf" | "begin">;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  clock: Clock;
  ids: Pick<Ids, "documentId" | "webhookId">;
};

/** The outcome of a request for a recovery. `running`: the endpoint has this one, which is not complete. */
export type RecoveryStart =
  | { outcome: "begun" | "running"; recovery: Recovery }
  | { outcome: "refused"; refusal: Refusal };

/**
 * Begins a recovery of the caller's endpoint: sends the deliveries created in a span of time that failed, were held or
 * were cancelled. An endpoint has one recovery at a time, so that a repeated request sends nothing twice.
 */
export async function recoverEndpoint(
  ports: RecoverPorts,
  caller: Principal,
  endpointId: string,
  request: RecoverEndpointRequest,
): Promise<RecoveryStart> {
  const endpoint = await ownEndpoint(ports, caller, endpointId);
  if (endpoint.disabled) return { outcome: "refused", refusal: ENDPOINT_DISABLED };
  const now = ports.clock.now();
  // No delivery is older, and Firestore cannot store an instant of the year 0.
  const since = new Date(Math.max(Date.parse(request.since), 0));
  const until = request.until === undefined ? now : new Date(request.until);
  const refusal = checkSpan(since, until, now);
  if (refusal) return { outcome: "refused", refusal };
  const recoveries = await ports.recoveries.listOf(endpointId);
  const running = recoveries.find(({ state }) => state === "running");
  if (running) return { outcome: "running", recovery: running };
  await limitRate(ports, caller, "sends");

  const recoveryId = ports.ids.documentId();
  const { retentionDays } = limitsOf(ports.tiers, caller.tier);
  const recovery: Recovery = {
    recoveryId,
    owner: caller.uid,
    endpointId,
    since,
    until,
    state: "running",
    seen: 0,
    resent: 0,
    nextSlotAt: now,
    dueAt: now,
    shard: shardOf(recoveryId),
    createdAt: now,
    updatedAt: now,
    expireAt: expiryOf(now, retentionMsOf(retentionDays)),
  };
  const begun = await ports.recoveries.begin(recovery);
  if (!begun) throw new RefusedError(NO_ENDPOINT);
  if (begun.outcome === "running") return begun;
  await publishOrLeave(ports, { recoveryId });
  return { outcome: "begun", recovery };
}

function checkSpan(since: Date, until: Date, now: Date): Refusal | undefined {
  if (until > now) return invalid("/until", "must not be in the future");
  return since < until ? undefined : invalid("/since", "must be in the past, and before until");
}

function invalid(pointer: string, message: string): Refusal {
  const errors = [{ pointer, message }];
  return { code: "invalid-request", detail: summary(errors), errors };
}
