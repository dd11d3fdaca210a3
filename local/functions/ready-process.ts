import { setTimeout as pause } from "node:timers/promises";
import { isInUse } from "../http.ts";

/**
 * Resolves with the socket of a process that is ready. `socketPath` gives that of the current one; `waiters` are called
 * at each launch. Rejects with the reason of the signal.
 */
export async function whenReady(
  socketPath: () => Promise<string> | undefined,
  waiters: Set<() => void>,
  signal: AbortSignal,
): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    const starting = socketPath();
    if (starting !== undefined) {
      // A process that dies while starting is followed by another: wait for that one.
      const ready = await raceAbort(starting, signal).catch(() => undefined);
      if (ready !== undefined) return ready;
    } else {
      await nextLaunch(waiters, signal);
    }
  }
}

function nextLaunch(waiters: Set<() => void>, signal: AbortSignal): Promise<void> {
  let wake = () => {};
  const launched = new Promise<void>((resolve) => {
    wake = resolve;
  });
  waiters.add(wake);
  return raceAbort(launched, signal).finally(() => waiters.delete(wake));
}

/** The promise's outcome, or a rejection with the signal's reason when it aborts first. */
export async function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The longest wait for the calls of a process that another version replaces. */
const DRAIN_MS = 5_000;
const DRAIN_STEP_MS = 100;

/**
 * Resolves when no call is left at a socket that gets no further ones, or after five seconds. The functions framework
 * fails the calls that it has when it is asked to end.
 */
export async function whenUnused(socketPath: string): Promise<void> {
  const endsAt = performance.now() + DRAIN_MS;
  // At first without a look: a call may be on its way.
  do await pause(DRAIN_STEP_MS);
  while (isInUse(socketPath) && performance.now() < endsAt);
}
