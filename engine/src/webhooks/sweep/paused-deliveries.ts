import type { Clock, Log } from "../../kit/ports.ts";
import type { DeliveryStore, DueDelivery, EndpointStore, Parking } from "../ports.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";
import { type Gate, gate } from "../rules/health-rules.ts";

/** What putting off deliveries needs. */
export interface PausedDeliveriesPorts {
  endpoints: Pick<EndpointStore, "read">;
  deliveries: Pick<DeliveryStore, "apply">;
  parking: Parking;
  clock: Clock;
  log: Log;
}

/** A delivery that waits for its next attempt at an endpoint. */
type Waiting = DueDelivery & { endpointId: string };

/**
 * Postpones those of the due deliveries that their endpoint's pause keeps from being sent, and answers the others. `deliver` would do so
 * with a message and four reads for each, and an endpoint that is away for days has some come back every few seconds; here
 * each endpoint is read once for all. Never rejects: what could not be postponed is due again at its next look.
 */
export async function postponePaused(
  ports: PausedDeliveriesPorts,
  due: readonly DueDelivery[],
): Promise<DueDelivery[]> {
  const waiting = Map.groupBy(due.filter(isWaiting), ({ endpointId }) => endpointId);
  const sendable = await Promise.all([...waiting].map(([id, toEndpoint]) => postponeRest(ports, id, toEndpoint)));
  return [...due.filter((one) => !isWaiting(one)), ...sendable.flat()];
}

/** After a pause one attempt alone is made: the others wait for what comes of it. */
async function postponeRest(ports: PausedDeliveriesPorts, endpointId: string, waiting: readonly Waiting[]) {
  const passage = await passageTo(ports, endpointId);
  if (passage.outcome === "open") return waiting;
  const sendable = passage.outcome === "probe" ? 1 : 0;
  const until = () => ports.parking.momentAfter(endpointId, passage.until);
  await Promise.all(waiting.slice(sendable).map((one) => postpone(ports, one, until())));
  return waiting.slice(0, sendable);
}

/** Where it cannot be asked, and of endpoints that are disabled or gone, `deliver` finds out what becomes of the deliveries. */
async function passageTo({ endpoints, clock }: PausedDeliveriesPorts, endpointId: string): Promise<Gate> {
  const endpoint = await endpoints.read(endpointId).catch(() => undefined);
  return !endpoint || endpoint.disabled ? { outcome: "open" } : gate(endpoint.health, clock.now());
}

async function postpone({ deliveries, clock, log }: PausedDeliveriesPorts, { deliveryId }: Waiting, until: Date) {
  try {
    await deliveries.apply(deliveryId, { kind: "postpone", until, isPaced: false }, clock.now());
  } catch (error) {
    log.error("A delivery to a paused endpoint was not put off; a later sweep looks again.", { deliveryId, error });
  }
}

function isWaiting(due: DueDelivery): due is Waiting {
  return due.state === "pending" && due.endpointId !== undefined && due.endpointId !== JOB_ENDPOINT;
}
