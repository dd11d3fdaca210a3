import type { Clock, Log, Publisher } from "../core/ports.ts";
import type { Delivery } from "../core/webhooks/delivery.ts";
import { JOB_ENDPOINT } from "../core/webhooks/endpoint.ts";

/** The first wait of the schedule with its jitter, 5 to 6 s, and a little more. */
const MAX_NAP_MS = 7000;
/**
 * Naps that one process takes at a time, for all, for one owner, and for one endpoint: they hold a place in which it could serve another
 * event. The URLs of one owner's jobs count as one endpoint.
 */
const MAX_NAPS = 16;
const MAX_NAPS_OF_OWNER = 8;
const MAX_NAPS_OF_ENDPOINT = 4;

/** Stays up for deliveries whose next attempt is only seconds away: the sweep, which looks after all others, comes once a minute. */
export interface Naps {
  /** Publishes the delivery when its next attempt is due, if that is within 7 s and not too many are waited for. Never rejects: the sweep finds what is not published. */
  waitFor(delivery: Delivery | undefined): Promise<void>;
}

/** The naps of this process. */
export function naps(ports: { clock: Clock; publisher: Pick<Publisher, "publishDelivery">; log: Log }): Naps {
  const { clock, publisher, log } = ports;
  const [ofOwners, ofEndpoints] = [counts(), counts()];
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
      const { deliveryId, owner, endpointId, nextAttemptAt } = delivery;
      const endpoint = endpointId === JOB_ENDPOINT ? `job ${owner}` : endpointId;
      const ms = nextAttemptAt.getTime() - clock.now().getTime();
      const isFull = ofOwners.of(owner) >= MAX_NAPS_OF_OWNER || ofEndpoints.of(endpoint) >= MAX_NAPS_OF_ENDPOINT;
      if (ms > MAX_NAP_MS || all >= MAX_NAPS || isFull) return;
      const change = (by: 1 | -1) => {
        all += by;
        ofOwners.add(owner, by);
        ofEndpoints.add(endpoint, by);
      };
      change(1);
      await nap(deliveryId, ms);
      change(-1);
    },
  };
}

/** Counts by key; one that is 0 again is forgotten. */
function counts() {
  const known = new Map<string, number>();
  return {
    of: (key: string) => known.get(key) ?? 0,
    add(key: string, by: number) {
      const count = (known.get(key) ?? 0) + by;
      if (count === 0) known.delete(key);
      else known.set(key, count);
    },
  };
}
