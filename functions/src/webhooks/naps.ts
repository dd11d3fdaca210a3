import type { Clock, Log, Publisher } from "../core/ports.ts";
import type { Delivery } from "../core/webhooks/delivery.ts";

/** The first wait of the schedule with its jitter, 5 to 6 s, and a little more. */
const MAX_NAP_MS = 7000;
/** Naps that one process takes at a time, for all endpoints and for one: they hold a place in which it could serve another event. */
const MAX_NAPS = 16;
const MAX_NAPS_OF_ENDPOINT = 4;

/** Stays up for deliveries whose next attempt is only seconds away: the sweep, which looks after all others, comes once a minute. */
export interface Naps {
  /** Publishes the delivery when its next attempt is due, if that is within 7 s and not too many are waited for. Never rejects: the sweep finds what is not published. */
  waitFor(delivery: Delivery | undefined): Promise<void>;
}

/** The naps of this process. */
export function naps(ports: { clock: Clock; publisher: Pick<Publisher, "publishDelivery">; log: Log }): Naps {
  const { clock, publisher, log } = ports;
  const napping = new Map<string, number>();
  let all = 0;

  async function nap(deliveryId: string, ms: number): Promise<void> {
    await new Promise<void>((resolve) => clock.after(ms, resolve));
    try {
      await publisher.publishDelivery({ deliveryId });
    } catch (error) {
      log.warn("A delivery was not published at its time; the next sweep does it.", { deliveryId, error });
    }
  }

  return {
    async waitFor(delivery) {
      if (!delivery?.nextAttemptAt) return;
      const { deliveryId, endpointId, nextAttemptAt } = delivery;
      const ms = nextAttemptAt.getTime() - clock.now().getTime();
      const ofEndpoint = napping.get(endpointId) ?? 0;
      if (ms > MAX_NAP_MS || all >= MAX_NAPS || ofEndpoint >= MAX_NAPS_OF_ENDPOINT) return;
      all += 1;
      napping.set(endpointId, ofEndpoint + 1);
      await nap(deliveryId, ms);
      all -= 1;
      const left = (napping.get(endpointId) ?? 1) - 1;
      if (left === 0) napping.delete(endpointId);
      else napping.set(endpointId, left);
    },
  };
}
