const FIRST_MS = 30_000;
const MAX_MS = 10 * 60_000;

/**
 * Calls `ask` after 30 s without a call of the returned function, then after twice as long each time, up to 10 min. The
 * returned function resets the delay to 30 s. Stops when `stopped` aborts. `ask` must not reject. A listener may lose
 * its last update: the Firestore emulator lost one of 1,000 updates that came while the listener opened.
 */
export function askAfterSilence(ask: () => Promise<void>, stopped: AbortSignal): () => void {
  let waitMs = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    if (stopped.aborted) return;
    timer = setTimeout(() => {
      waitMs = Math.min(waitMs * 2, MAX_MS);
      void ask().finally(wait);
    }, waitMs);
  };
  stopped.addEventListener("abort", () => clearTimeout(timer), { once: true });
  wait();
  return () => {
    waitMs = FIRST_MS;
    wait();
  };
}
