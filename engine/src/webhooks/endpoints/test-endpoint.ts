import type { EndpointEvent } from "@baton/protocol";
import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import { limitsOf, type Tiers } from "../../accounts/tiers.ts";
import type { Clock, Ids } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import type { Refusal } from "../../kit/refusal.ts";
import { expiryOf, retentionMsOf } from "../../kit/retention.ts";
import type { DeliveryStore, EndpointStore } from "../ports.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";
import type { Delivery } from "../rules/delivery.ts";
import { newDelivery } from "../rules/move-delivery.ts";
import { ownEndpoint } from "./read-endpoint.ts";
import { ENDPOINT_DISABLED } from "./refusals.ts";

type TestPorts = PublishPorts & {
  endpoints: Pick<EndpointStore, "read">;
  deliveries: Pick<DeliveryStore, "createAll">;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  clock: Clock;
  ids: Pick<Ids, "documentId" | "webhookId">;
};

/**
 * Sends the caller's endpoint an `endpoint.test` as any other event: signed, guarded and retried. Answers the delivery;
 * its attempts show the outcome.
 */
export async function testEndpoint(
  ports: TestPorts,
  caller: Principal,
  endpointId: string,
): Promise<{ outcome: "sent"; delivery: Delivery } | { outcome: "refused"; refusal: Refusal }> {
  const endpoint = await ownEndpoint(ports, caller, endpointId);
  if (endpoint.disabled) return { outcome: "refused", refusal: ENDPOINT_DISABLED };
  await limitRate(ports, caller, "sends");
  const now = ports.clock.now();
  const { retentionDays } = limitsOf(ports.tiers, caller.tier);
  const wanted = {
    deliveryId: ports.ids.webhookId(),
    owner: caller.uid,
    endpointId,
    event: "endpoint.test" as const,
    body: JSON.stringify(testEvent(endpointId, now)),
    expireAt: expiryOf(now, retentionMsOf(retentionDays)),
  };
  const delivery = newDelivery(wanted, { state: "pending", nextAttemptAt: now }, now);
  await ports.deliveries.createAll([delivery], undefined);
  await publishOrLeave(ports, { deliveryId: delivery.deliveryId });
  return { outcome: "sent", delivery };
}

function testEvent(endpointId: string, now: Date): EndpointEvent {
  const message = "This is a test. Its signature is real; nothing has happened.";
  return { type: "endpoint.test", timestamp: now.toISOString(), data: { endpointId, message } };
}
