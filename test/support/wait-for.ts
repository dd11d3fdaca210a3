import { setTimeout as pause } from "node:timers/promises";

const PROBE_EVERY_MS = 25;

/** Costs nothing while tests pass, and leaves a machine that many share the time it takes. */
const PATIENCE_MS = 100_000;

/**
 * Asks `probe` until it answers something other than false or undefined, and returns that. Fails after `timeoutMs`,
 * naming `what` it waited for and the probe's last error, if it threw.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  let lastError: unknown;
  while (performance.now() < endsAt) {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      lastError = error;
    }
    await pause(PROBE_EVERY_MS);
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause: lastError });
}
