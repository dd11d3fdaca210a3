import { pauseUntil } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import { destinationOf } from "../egress/destination.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";
import type { Delivery } from "../rules/delivery.ts";

/** The longest wait: the first wait of the schedule with its jitter, 5 to 6 s, and a little more. */
const MAX_WAIT_MS = 7000;
/**
 * Waits of one process at a time: in all, for one owner, and for one destination. Each occupies a place in which the
 * process could serve another event. An owner without a wait may begin one beyond the 16, so that two owners with
 * failing endpoints do not delay the retries of others.
 */
const MAX_WAITS = 16;
const MAX_WAITS_WITH_FIRST_ONES = 32;
const MAX_WAITS_OF_OWNER = 8;
const MAX_WAITS_OF_DESTINATION = 4;

/** Waits in this process for retries that are only seconds away. The sweep, once a minute, finds all others. */
export interface ShortRetryTimer {
  /**
   * Publishes the delivery to `url` when its next attempt is due, if that is within 7 s and not too many waits are
   * under way. Never rejects: the sweep publishes what this call does not.
   */
  publishWhenDue(delivery: Delivery | undefined, url: string): Promise<void>;
}

/** The timer of this process. */
export function shortRetryTimer(ports: PublishPorts & { clock: Clock }): ShortRetryTimer {
  const { clock } = ports;
  const [ofOwners, ofDestinations] = [counters(), counters()];
  let all = 0;

  function mayWait(owner: string, destination: string): boolean {
    const own = ofOwners.of(owner);
    if (own >= MAX_WAITS_OF_OWNER || ofDestinations.of(destination) >= MAX_WAITS_OF_DESTINATION) return false;
    return all < (own === 0 ? MAX_WAITS_WITH_FIRST_ONES : MAX_WAITS);
  }

  return {
    async publishWhenDue(delivery, url) {
      if (!delivery?.nextAttemptAt) return;
      const { deliveryId, owner, nextAttemptAt } = delivery;
      const destination = destinationOf(delivery, url);
      const ms = nextAttemptAt.getTime() - clock.now().getTime();
      if (ms > MAX_WAIT_MS || !mayWait(owner, destination)) return;
      const count = (by: 1 | -1) => {
        all += by;
        ofOwners.add(owner, by);
        ofDestinations.add(destination, by);
      };
      count(1);
      await pauseUntil(clock, nextAttemptAt);
      await publishOrLeave(ports, { deliveryId });
      count(-1);
    },
  };
}

/** Counts by key. A key whose count is 0 again is forgotten. */
function counters() {
  const counts = new Map<string, number>();
  return {
    of: (key: string) => counts.get(key) ?? 0,
    add(key: string, by: number) {
      const count = (counts.get(key) ?? 0) + by;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
}
