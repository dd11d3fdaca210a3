const EVENT = "unhandledRejection";

/**
 * Hides unhandled rejections that are `isHarmless` from the listeners that `emitter` has so far; they receive all
 * others. The functions framework ends the process of a worker, with all the jobs that it runs, for each one it
 * receives.
 */
export function tolerateRejections(emitter: NodeJS.EventEmitter, isHarmless: (reason: unknown) => boolean): void {
  const listeners = emitter.listeners(EVENT);
  emitter.removeAllListeners(EVENT);
  emitter.on(EVENT, (reason: unknown, promise: unknown) => {
    if (isHarmless(reason)) return;
    // Without a listener Node ends the process.
    if (listeners.length === 0) throw reason;
    for (const listener of listeners) listener.call(emitter, reason, promise);
  });
}
