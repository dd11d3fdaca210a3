import type { Clock } from "./ports.ts";

/** Resolves once `ms` milliseconds have passed by the clock. */
export function pause(clock: Pick<Clock, "after">, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}
