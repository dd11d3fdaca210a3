import { setImmediate as afterOtherWork } from "node:timers/promises";

/** So few comments take well under 50 ms even when each is as long as can be. */
const SLICE = 25;

/**
 * Calls `work` for each item in order. Between slices it lets timers and sockets have their turn, so that the worker's
 * heartbeat keeps the lease and a cancel request is heard, and throws the signal's reason when it has aborted.
 */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += SLICE) {
    if (from > 0) await afterOtherWork();
    signal.throwIfAborted();
    items.slice(from, from + SLICE).forEach((item, offset) => {
      results.push(work(item, from + offset));
    });
  }
  return results;
}
