const EVENT = "unhandledRejection";

/**
 * Keeps rejections that `isHarmless` from all who listen for unhandled ones on `emitter`, so far; they hear of the others as before. The
 * functions framework ends the process of a worker for each of them, with all the jobs that it runs.
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
