import { pause } from "../../kit/pause.ts";

import type { Clock, Log } from "../../kit/ports.ts";
import { destinationOf } from "../egress/destination.ts";
import type { DeliveryPublisher } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";

/** The first wait of the schedule with its jitter, 5 to 6 s, and a little more. */
const MAX_NAP_MS = 7000;
/**
 * Naps that one process takes at a time, for all, for one owner, and for one destination: each holds a place in which
 * it could serve another event. An owner who has none may take one beyond the 16, so that two owners with failing
 * endpoints do not delay the retries of others.
 */
const MAX_NAPS = 16;
const MAX_NAPS_WITH_FIRST_ONES = 32;
const MAX_NAPS_OF_OWNER = 8;
const MAX_NAPS_OF_DESTINATION = 4;

/** Stays up for deliveries whose next attempt is only seconds away: the sweep, which looks after all others, comes once a minute. */
export interface Naps {
  /**
   * Publishes the delivery to `url` when its next attempt is due, if that is within 7 s and not too many are waited for. Never rejects: the
   * sweep finds what is not published.
   */
  waitFor(delivery: Delivery | undefined, url: string): Promise<void>;
}

/** The naps of this process. */
export function naps(ports: { clock: Clock; publisher: DeliveryPublisher; log: Log }): Naps {
  const { clock, publisher, log } = ports;
  const [ofOwners, ofDestinations] = [counts(), counts()];
  let all = 0;

  function hasRoom(owner: string, destination: string): boolean {
    const own = ofOwners.of(owner);
    if (own >= MAX_NAPS_OF_OWNER || ofDestinations.of(destination) >= MAX_NAPS_OF_DESTINATION) return false;
    return all < (own === 0 ? MAX_NAPS_WITH_FIRST_ONES : MAX_NAPS);
  }

  async function nap(deliveryId: string, ms: number): Promise<void> {
    await pause(clock, ms);
    try {
      await publisher.publishDelivery({ deliveryId });
    } catch (error) {
      log.warn("A delivery was not published at its time; the next sweep does it.", { deliveryId, error });
    }
  }

  return {
    async waitFor(delivery, url) {
      if (!delivery?.nextAttemptAt) return;
      const { deliveryId, owner, nextAttemptAt } = delivery;
      const destination = destinationOf(delivery, url);
      const ms = nextAttemptAt.getTime() - clock.now().getTime();
      if (ms > MAX_NAP_MS || !hasRoom(owner, destination)) return;
      const change = (by: 1 | -1) => {
        all += by;
        ofOwners.add(owner, by);
        ofDestinations.add(destination, by);
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
