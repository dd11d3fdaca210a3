import type { Clock } from "./ports.ts";

/**
 * Resolves once `ms` milliseconds have passed by the clock. Rejects with the reason of `signal` as soon as that aborts.
 */
export function pause(clock: Pick<Clock, "after">, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = clock.after(ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    const abort = () => {
      stop();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Resolves once `instant` has passed by the clock, never early: a timer may fire a millisecond before its time. */
export async function pauseUntil(clock: Clock, instant: Date): Promise<void> {
  for (;;) {
    const leftMs = instant.getTime() - clock.now().getTime();
    if (leftMs <= 0) return;
    await pause(clock, leftMs);
  }
}

/** Never settles. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
