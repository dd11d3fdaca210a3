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
