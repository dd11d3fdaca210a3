import { limitRate } from "../../accounts/limit-rate.ts";
import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import type { Clock } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import type { DeliveryStore, EndpointStore } from "../ports.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";
import type { Delivery } from "../rules/delivery.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";
import { ownDelivery } from "./read-endpoint.ts";
import { ENDPOINT_DELETED, ENDPOINT_DISABLED, NO_DELIVERY } from "./refusals.ts";

type ResendPorts = PublishPorts & {
  endpoints: Pick<EndpointStore, "read">;
  deliveries: Pick<DeliveryStore, "read" | "apply">;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  clock: Clock;
};

/**
 * Sends the caller's delivery again at once, in whatever state it is, with a new schedule and the same `webhook-id`.
 * Refuses while an attempt is under way or about to begin, when the endpoint takes no deliveries, and over the rate
 * limit.
 */
export async function resendDelivery(
  ports: ResendPorts,
  caller: Principal,
  deliveryId: string,
): Promise<{ outcome: "sent"; delivery: Delivery } | { outcome: "refused"; refusal: Refusal }> {
  const { endpointId } = await ownDelivery(ports, caller, deliveryId);
  const refusal = await checkDestination(ports, endpointId);
  if (refusal) return { outcome: "refused", refusal };
  await limitRate(ports, caller, "sends");
  const now = ports.clock.now();
  const moved = await ports.deliveries.apply(deliveryId, { kind: "resend", at: now }, now);
  if (moved.outcome === "not-found") throw new RefusedError(NO_DELIVERY);
  if (moved.outcome === "refused") return { outcome: "refused", refusal: BUSY };
  await publishOrLeave(ports, { deliveryId });
  return { outcome: "sent", delivery: moved.delivery };
}

/** A job's own `webhookUrl` has no document and cannot be disabled. */
async function checkDestination(
  { endpoints }: Pick<ResendPorts, "endpoints">,
  endpointId: string,
): Promise<Refusal | undefined> {
  if (endpointId === JOB_ENDPOINT) return undefined;
  const endpoint = await endpoints.read(endpointId);
  if (!endpoint) return ENDPOINT_DELETED;
  return endpoint.disabled && ENDPOINT_DISABLED;
}

const BUSY: Refusal = {
  code: "delivery-busy",
  detail:
    "An attempt of this delivery is under way, or about to begin. " +
    "Read the delivery, and ask again once the attempt has ended.",
};
