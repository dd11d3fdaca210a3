import type { EndpointEvent } from "@baton/protocol";
import type { Principal } from "../core/ports.ts";
import { expiryOf, retentionMsOf } from "../core/retention.ts";
import { limitsOf } from "../core/tiers.ts";
import type { Delivery } from "../core/webhooks/delivery.ts";
import { newDelivery } from "../core/webhooks/move-delivery.ts";
import type { ApiPorts } from "./api-ports.ts";
import { limitPace } from "./limit-pace.ts";
import { type Refusal, reach } from "./problems.ts";
import { publishDelivery } from "./publish-delivery.ts";
import { ownEndpoint } from "./read-endpoint.ts";

type TestPorts = Pick<ApiPorts, "endpoints" | "deliveries" | "pace" | "publisher" | "tiers" | "clock" | "ids" | "log">;

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
