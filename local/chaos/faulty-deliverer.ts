import type { BridgeEvent, Deliverer } from "../bridge/delivery.ts";
import type { Arrival } from "./fates.ts";
import type { FaultContext } from "./faulty-send.ts";

/** An event, or its copy, that is kept from the deliverer for a while. */
interface Waiting {
  /** How many later events must be done before it goes on; none for one that only waits for its time. */
  overtakers?: { after: number; left: number };
  timer: NodeJS.Timeout;
  goOn(): void;
}

/** Longest wait for later events, which may never come. */
const MAX_REORDER_MS = 2_000;

/** Delivers as `deliverer` does, except where `nextArrival` decides that an event is lost, comes twice, late, or after later ones. */
export function faultyDeliverer(
  deliverer: Deliverer,
  nextArrival: () => Arrival,
  { counts, calm }: FaultContext,
): Deliverer {
  const waiting = new Set<Waiting>();
  let accepted = 0;

  function wait(ms: number, goOn: () => void, overtakers?: Waiting["overtakers"]): void {
    const one: Waiting = { goOn, timer: setTimeout(() => release(one), ms), ...(overtakers ? { overtakers } : {}) };
    waiting.add(one);
  }

  function release(one: Waiting): void {
    clearTimeout(one.timer);
    if (waiting.delete(one)) one.goOn();
  }

  function overtake(place: number): void {
    for (const one of waiting) {
      if (one.overtakers === undefined || one.overtakers.after >= place) continue;
      one.overtakers.left -= 1;
      if (one.overtakers.left === 0) release(one);
    }
  }

  function pass(event: BridgeEvent, place: number): void {
    deliverer.accept({
      ...event,
      settled(outcome, attempts) {
        event.settled(outcome, attempts);
        overtake(place);
      },
    });
  }

  function acceptFaulty(event: BridgeEvent, place: number): void {
    const { isDropped, copyAfterMs, overtakenBy, delayMs } = nextArrival();
    if (isDropped) {
      counts.droppedTriggers += 1;
      event.settled("dropped", 0);
      return;
    }
    if (copyAfterMs !== undefined) {
      counts.duplicated += 1;
      // Whoever waits for the event's end hears of one end only.
      const copy = { ...event, id: `${event.id} (copy)`, settled: () => {} };
      wait(copyAfterMs, () => deliverer.accept(copy));
    }
    const goOn = () => pass(event, place);
    const goOnLate = () => {
      if (delayMs === undefined || calm.aborted) {
        goOn();
      } else {
        counts.delayed += 1;
        wait(delayMs, goOn);
      }
    };
    if (overtakenBy === undefined) {
      goOnLate();
    } else {
      counts.reordered += 1;
      wait(MAX_REORDER_MS, goOnLate, { after: place, left: overtakenBy });
    }
  }

  function forgetWaiting(): number {
    const count = waiting.size;
    for (const { timer } of waiting) clearTimeout(timer);
    waiting.clear();
    return count;
  }

  calm.addEventListener("abort", () => {
    for (const one of [...waiting]) release(one);
  });
  return {
    accept(event) {
      accepted += 1;
      if (calm.aborted) deliverer.accept(event);
      else acceptFaulty(event, accepted);
    },
    size: () => deliverer.size() + waiting.size,
    stats() {
      const stats = deliverer.stats();
      return { ...stats, waiting: stats.waiting + waiting.size };
    },
    forget: () => forgetWaiting() + deliverer.forget(),
    async stop() {
      forgetWaiting();
      await deliverer.stop();
    },
  };
}
