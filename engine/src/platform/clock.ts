import type { Clock } from "../kit/ports.ts";

/** The longest a timer of Node waits; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The time of this machine. A call back is at most 24 days away. */
export const systemClock: Clock = {
  now: () => new Date(),
  after(ms, then) {
    const timer = setTimeout(then, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
