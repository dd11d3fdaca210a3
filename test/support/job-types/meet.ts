import { setTimeout as pause } from "node:timers/promises";
import type { JobContext } from "../../../engine/src/job-types/define-job.ts";

/** Handlers of this process that wait for another one, by what they meet for. */
const waiting = new Map<string, () => void>();

/** Waits for another handler of this process that meets for the same. `leave` answers false when it has come. */
export function meet(what: string): { met: Promise<void>; leave(): boolean } {
  const other = waiting.get(what);
  waiting.delete(what);
  other?.();
  if (other) return { met: Promise.resolve(), leave: () => false };
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.set(what, resolve);
  return { met: promise, leave: () => waiting.get(what) === resolve && waiting.delete(what) };
}

const PATIENCE_MS = 1500;

/**
 * Resolves when both jobs of the key are in this process, and their invocations have most of their time left. One that
 * waits too long for the other continues in another invocation.
 */
export async function meetNeighbour(key: string, sleep: JobContext["sleep"]): Promise<void> {
  for (;;) {
    const { met, leave } = meet(key);
    const hasMet = await Promise.race([met.then(() => true), pause(PATIENCE_MS).then(() => false)]);
    if (hasMet || !leave()) return;
    await sleep(1500);
  }
}
