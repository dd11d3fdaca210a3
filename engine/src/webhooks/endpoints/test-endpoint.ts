import type { EndpointEvent } from "@baton/protocol";
import type { Principal } from "../../accounts/principal.ts";
import { limitsOf, type Tiers } from "../../accounts/tiers.ts";
import { limitPace } from "../../http/limit-pace.ts";
import { type Refusal, reach } from "../../http/problems.ts";
import type { Clock, Ids, Log } from "../../kit/ports.ts";
import type { Pace } from "../../kit/rate-limiter.ts";
import { expiryOf, retentionMsOf } from "../../kit/retention.ts";
import type { DeliveryPublisher, DeliveryStore, EndpointStore } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import { newDelivery } from "../rules/move-delivery.ts";
import { publishDelivery } from "./publish-delivery.ts";
import { ownEndpoint } from "./read-endpoint.ts";

type TestPorts = {
  endpoints: EndpointStore;
  deliveries: DeliveryStore;
  pace: Pace;
  publisher: DeliveryPublisher;
  tiers: Tiers;
  clock: Clock;
  ids: Pick<Ids, "documentId" | "webhookId">;
  log: Log;
};

/**
 * Sends the caller's endpoint an `endpoint.test`, as any other event: signed, guarded, retried. Answers the delivery, whose
 * attempts tell what came of it.
 */
export async function testEndpoint(
  ports: TestPorts,
  caller: Principal,
  endpointId: string,
): Promise<{ outcome: "sent"; delivery: Delivery } | { outcome: "refused"; refusal: Refusal }> {
  const endpoint = await ownEndpoint(ports, caller, endpointId);
  if (endpoint.disabled) return { outcome: "refused", refusal: DISABLED };
  await limitPace(ports, caller, "sends");
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
  await reach("the delivery store", ports.deliveries.createAll([delivery], undefined));
  await publishDelivery(ports, { deliveryId: delivery.deliveryId });
  return { outcome: "sent", delivery };
}

/** For a wish to send to an endpoint that is disabled. */
export const DISABLED: Refusal = {
  code: "endpoint-disabled",
  detail:
    "The endpoint is disabled, so nothing is sent to it. Enable it first: POST /v1/endpoints/{endpointId}/enable.",
};

function testEvent(endpointId: string, now: Date): EndpointEvent {
  const message = "This is a test. Its signature is real; nothing has happened.";
  return { type: "endpoint.test", timestamp: now.toISOString(), data: { endpointId, message } };
}
