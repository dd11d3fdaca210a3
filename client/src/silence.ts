const FIRST_MS = 30_000;
const MAX_MS = 10 * 60_000;

/**
 * Calls `ask` when `heard` (the answer) was not called for 30 s, and again after twice as long each time, up to 10 min.
 * `heard` starts over at 30 s. Ends when `ended` aborts. `ask` must not reject. A listener may lose its last update:
 * the Firestore emulator lost one of 1,000 that came while the listener opened, and never told it.
 */
export function askAfterSilence(ask: () => Promise<void>, ended: AbortSignal): () => void {
  let waitMs = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    if (ended.aborted) return;
    timer = setTimeout(() => {
      waitMs = Math.min(waitMs * 2, MAX_MS);
      void ask().finally(wait);
    }, waitMs);
  };
  ended.addEventListener("abort", () => clearTimeout(timer), { once: true });
  wait();
  return () => {
    waitMs = FIRST_MS;
    wait();
  };
}
