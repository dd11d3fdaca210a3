import type { Principal } from "../../accounts/principal.ts";
import type { Tiers } from "../../accounts/tiers.ts";
import { limitPace } from "../../http/limit-pace.ts";
import { ProblemError, type Refusal, reach } from "../../http/problems.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { Pace } from "../../kit/rate-limiter.ts";
import type { DeliveryPublisher, DeliveryStore, EndpointStore } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";
import { publishDelivery } from "./publish-delivery.ts";
import { NO_DELIVERY, ownDelivery } from "./read-endpoint.ts";
import { DISABLED } from "./test-endpoint.ts";

type ResendPorts = {
  endpoints: EndpointStore;
  deliveries: DeliveryStore;
  pace: Pace;
  publisher: DeliveryPublisher;
  tiers: Tiers;
  clock: Clock;
  log: Log;
};

/**
 * Sends the caller's delivery once more at once, whatever became of it before, by a new schedule and with the same
 * `webhook-id`. Refuses while an attempt is under way or about to begin, where nothing may be sent, and when the caller asks too often.
 */
export async function resendDelivery(
  ports: ResendPorts,
  caller: Principal,
  deliveryId: string,
): Promise<{ outcome: "sent"; delivery: Delivery } | { outcome: "refused"; refusal: Refusal }> {
  const { endpointId } = await ownDelivery(ports, caller, deliveryId);
  const refusal = await checkDestination(ports, endpointId);
  if (refusal) return { outcome: "refused", refusal };
  await limitPace(ports, caller, "sends");
  const now = ports.clock.now();
  const moved = await reach("the delivery store", ports.deliveries.apply(deliveryId, { kind: "resend", at: now }, now));
  if (moved.outcome === "not-found") throw new ProblemError(NO_DELIVERY);
  if (moved.outcome === "refused") return { outcome: "refused", refusal: BUSY };
  await publishDelivery(ports, { deliveryId });
  return { outcome: "sent", delivery: moved.delivery };
}

/** A job's own `webhookUrl` has no document, and nobody can disable it. */
async function checkDestination(
  { endpoints }: Pick<ResendPorts, "endpoints">,
  endpointId: string,
): Promise<Refusal | undefined> {
  if (endpointId === JOB_ENDPOINT) return undefined;
  const endpoint = await reach("the endpoint store", endpoints.read(endpointId));
  if (!endpoint) return GONE;
  return endpoint.disabled && DISABLED;
}

const GONE: Refusal = {
  code: "endpoint-gone",
  detail: "The endpoint of this delivery has been deleted, so it cannot be sent. Read the job's result instead.",
};

const BUSY: Refusal = {
  code: "delivery-busy",
  detail:
    "An attempt of this delivery is under way, or about to begin. Read the delivery, and ask again once the attempt has ended.",
};
