import { groupBy } from "../../kit/group-by.ts";
import type { Clock } from "../../kit/ports.ts";
import type { WebhookLog } from "../log-events.ts";
import type { DeliveryStore, DueDelivery, EndpointStore, StaggeredResume } from "../ports.ts";
import { type DeliveryPolicy, deliveryPolicy } from "../rules/delivery-policy.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";

/** The ports that postponing deliveries needs. */
export interface PausedDeliveriesPorts {
  endpoints: Pick<EndpointStore, "read">;
  deliveries: Pick<DeliveryStore, "apply">;
  staggeredResume: StaggeredResume;
  clock: Clock;
  log: WebhookLog;
}

/** A pending delivery to an endpoint. */
type Waiting = DueDelivery & { endpointId: string };

/**
 * Postpones the due deliveries whose endpoint is paused, and answers the others. It reads each endpoint once; `deliver`
 * would need a message and four reads for each delivery. Never rejects: a delivery that was not postponed is due again
 * at its next look.
 */
export async function postponePaused(
  ports: PausedDeliveriesPorts,
  due: readonly DueDelivery[],
): Promise<DueDelivery[]> {
  const waiting = groupBy(due.filter(isWaiting), ({ endpointId }) => endpointId);
  const sendable = await Promise.all([...waiting].map(([id, toEndpoint]) => postponeRest(ports, id, toEndpoint)));
  return [...due.filter((one) => !isWaiting(one)), ...sendable.flat()];
}

/** Leaves the deliveries of a disabled or deleted endpoint to `deliver`, which holds or cancels them. */
async function postponeRest(ports: PausedDeliveriesPorts, endpointId: string, waiting: readonly Waiting[]) {
  const policy = await policyOf(ports, endpointId);
  if (policy.action !== "probe" && policy.action !== "postpone") return waiting;
  const sendable = policy.action === "probe" ? 1 : 0;
  const until = () => ports.staggeredResume.resumeAtAfter(endpointId, policy.until);
  await Promise.all(waiting.slice(sendable).map((one) => postpone(ports, one, until())));
  return waiting.slice(0, sendable);
}

/** Reads the policy of the endpoint; `send` when the store does not answer, so that `deliver` asks again. */
async function policyOf({ endpoints, clock }: PausedDeliveriesPorts, endpointId: string): Promise<DeliveryPolicy> {
  try {
    return deliveryPolicy(await endpoints.read(endpointId), clock.now());
  } catch {
    return { action: "send" };
  }
}

async function postpone({ deliveries, clock, log }: PausedDeliveriesPorts, { deliveryId }: Waiting, until: Date) {
  try {
    await deliveries.apply(deliveryId, { kind: "postpone", until, hasReservedSlot: false }, clock.now());
  } catch (error) {
    const fields = { event: "delivery.not-postponed", deliveryId, error } as const;
    log.error("A delivery to a paused endpoint was not postponed. A later sweep looks again.", fields);
  }
}

function isWaiting(due: DueDelivery): due is Waiting {
  return due.state === "pending" && due.endpointId !== undefined && due.endpointId !== JOB_ENDPOINT;
}
