import type { Trigger } from "../manifest/manifest.ts";
import type { ChaosOptions, EventFault } from "./options.ts";
import { type Random, randomStream } from "./random.ts";

/** The faults of an event on its way to the bridge's queue for its function. */
export interface Arrival {
  isDropped: boolean;
  /** A copy arrives so much later than the event came. */
  copyAfterMs?: number;
  /** It waits until so many later events are settled. */
  overtakenBy?: number;
  /** It waits for so long, after it was overtaken. */
  delayMs?: number;
}

/** The faults of one delivery of an event. */
export interface Delivery {
  fails?: "before" | "after";
  /** The connection closes after so long, unless the function answered before. */
  cutAfterMs?: number;
}

/** Decides the faults of one function's events and deliveries, one by one. */
export interface Fates {
  nextArrival(): Arrival;
  nextDelivery(): Delivery;
}

const MAX_DELAY_MS = 2_000;
const MAX_COPY_DELAY_MS = 1_000;
const MAX_OVERTAKERS = 3;
const MAX_CUT_MS = 1_000;

/** Decides for function `name` by streams of its own, one for each fault: the same options decide the same. */
export function createFates(name: string, kind: Trigger["kind"], options: ChaosOptions & { seed: number }): Fates {
  const stream = (fault: EventFault): Random => randomStream(options.seed, `${name}/${fault}`);
  const hits = (fault: EventFault, random: Random) => random() < (options[fault] ?? 0);
  const random = {
    duplicate: stream("duplicate"),
    reorder: stream("reorder"),
    delay: stream("delay"),
    dropTrigger: stream("dropTrigger"),
    fail: stream("fail"),
    cutTime: stream("cutTime"),
  };
  return {
    nextArrival() {
      const arrival: Arrival = { isDropped: hits("dropTrigger", random.dropTrigger) && kind === "firestore" };
      // A second sweep belongs beside the first, not after it.
      if (hits("duplicate", random.duplicate))
        arrival.copyAfterMs = kind === "schedule" ? 0 : Math.round(random.duplicate() * MAX_COPY_DELAY_MS);
      // A schedule has one call on its way at most: nothing could overtake it.
      if (hits("reorder", random.reorder) && kind !== "schedule")
        arrival.overtakenBy = 1 + Math.floor(random.reorder() * MAX_OVERTAKERS);
      if (hits("delay", random.delay)) arrival.delayMs = Math.round(random.delay() * MAX_DELAY_MS);
      return arrival;
    },
    nextDelivery() {
      const delivery: Delivery = {};
      if (hits("fail", random.fail)) delivery.fails = random.fail() < 0.5 ? "before" : "after";
      // Squared: most functions work for a few milliseconds, and are to be cut off too.
      if (hits("cutTime", random.cutTime)) delivery.cutAfterMs = Math.round(random.cutTime() ** 2 * MAX_CUT_MS);
      return delivery;
    },
  };
}
