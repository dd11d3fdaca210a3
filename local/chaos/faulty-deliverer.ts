import type { BridgeEvent, Deliverer } from "../bridge/delivery.ts";
import type { Arrival } from "./fates.ts";
import type { FaultContext } from "./faulty-send.ts";

/** An event, or its copy, that the deliverer does not have yet. */
interface Waiting {
  /** How many later events must be settled first; absent for one that waits only for its time. */
  overtakers?: { after: number; left: number };
  timer: NodeJS.Timeout;
  release(): void;
}

/** The events that one faulty deliverer delays, and the deliverer that they are on their way to. */
interface Detour extends FaultContext {
  deliverer: Deliverer;
  waiting: Set<Waiting>;
}

/** Longest wait for later events, which may never come. */
const MAX_REORDER_MS = 2_000;

/**
 * Delivers as `deliverer` does, except where `nextArrival` decides that an event is lost, comes twice, late, or after
 * later ones.
 */
export function faultyDeliverer(
  deliverer: Deliverer,
  nextArrival: () => Arrival,
  { counts, calm }: FaultContext,
): Deliverer {
  const waiting = new Set<Waiting>();
  const detour = { deliverer, waiting, counts, calm };
  let accepted = 0;
  calm.addEventListener("abort", () => {
    for (const one of [...waiting]) release(detour, one);
  });
  return {
    accept(event) {
      accepted += 1;
      if (calm.aborted) deliverer.accept(event);
      else acceptFaulty(detour, event, accepted, nextArrival());
    },
    size: () => deliverer.size() + waiting.size,
    stats() {
      const stats = deliverer.stats();
      return { ...stats, waiting: stats.waiting + waiting.size };
    },
    forget: () => forgetWaiting(detour) + deliverer.forget(),
    async stop() {
      forgetWaiting(detour);
      await deliverer.stop();
    },
  };
}

/** `place` numbers the events in the order in which they came. */
function acceptFaulty(detour: Detour, event: BridgeEvent, place: number, arrival: Arrival): void {
  const { deliverer, counts } = detour;
  const { isDropped, copyAfterMs, overtakenBy, delayMs } = arrival;
  if (isDropped) {
    counts.droppedTriggers += 1;
    event.settled("dropped", 0);
    return;
  }
  if (copyAfterMs !== undefined) {
    counts.duplicated += 1;
    // The source of an event hears of one settlement only: the original's.
    const copy = { ...event, id: `${event.id} (copy)`, settled: () => {} };
    wait(detour, copyAfterMs, () => deliverer.accept(copy));
  }
  if (overtakenBy === undefined) {
    passDelayed(detour, event, place, delayMs);
  } else {
    counts.reordered += 1;
    const overtakers = { after: place, left: overtakenBy };
    wait(detour, MAX_REORDER_MS, () => passDelayed(detour, event, place, delayMs), overtakers);
  }
}

function passDelayed(detour: Detour, event: BridgeEvent, place: number, delayMs: number | undefined): void {
  const { counts, calm } = detour;
  if (delayMs === undefined || calm.aborted) {
    pass(detour, event, place);
  } else {
    counts.delayed += 1;
    wait(detour, delayMs, () => pass(detour, event, place));
  }
}

function pass(detour: Detour, event: BridgeEvent, place: number): void {
  detour.deliverer.accept({
    ...event,
    settled(outcome, attempts) {
      event.settled(outcome, attempts);
      overtake(detour, place);
    },
  });
}

/** Counts the event at `place` for those before it, and releases each that enough later events have overtaken. */
function overtake(detour: Detour, place: number): void {
  for (const one of detour.waiting) {
    if (one.overtakers === undefined || one.overtakers.after >= place) continue;
    one.overtakers.left -= 1;
    if (one.overtakers.left === 0) release(detour, one);
  }
}

function wait(detour: Detour, ms: number, then: () => void, overtakers?: Waiting["overtakers"]): void {
  const timer = setTimeout(() => release(detour, one), ms);
  const one: Waiting = { release: then, timer, ...(overtakers ? { overtakers } : {}) };
  detour.waiting.add(one);
}

function release({ waiting }: Detour, one: Waiting): void {
  clearTimeout(one.timer);
  if (waiting.delete(one)) one.release();
}

function forgetWaiting({ waiting }: Detour): number {
  const count = waiting.size;
  for (const { timer } of waiting) clearTimeout(timer);
  waiting.clear();
  return count;
}
