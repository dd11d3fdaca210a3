/**
 * The time that a stop may take before a further signal ends the process at once. npm passes each Ctrl-C on a second
 * time, right after the first.
 */
const INSIST_AFTER_MS = 1_500;

/** The exit code of a program that Ctrl-C ended: 128 and the number of SIGINT. */
export const INTERRUPTED = 130;

/**
 * Aborts when the terminal or another program asks this process to end: Ctrl-C, SIGTERM, a closed terminal. A signal
 * that comes while stopping takes long ends the process at once; the watchdog then ends what it has started.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > INSIST_AFTER_MS) process.exit(INTERRUPTED);
      controller.abort(name);
    });
  }
  return controller.signal;
}

/** Resolves when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
