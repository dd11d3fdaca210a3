import type { Clock } from "../../kit/ports.ts";

/** Attempts that one process makes at one destination at the same time. */
const MAX_IN_FLIGHT = 8;
/** How long a further attempt waits for a permit. It does not wait while the oldest attempt takes longer than this. */
const MAX_WAIT_MS = 2000;

/**
 * Limits the attempts in flight by destination, so that one slow endpoint does not occupy a process that serves all.
 */
export interface InFlightLimit {
  /**
   * Acquires a permit for one attempt at `key`. Resolves to the function that releases it, or to undefined when none
   * becomes free soon: at once while the oldest attempt is slow, else after 2 s. Callers are served in their order.
   */
  acquire(key: string): Promise<(() => void) | undefined>;
}

interface Permits {
  /** When each attempt began, in milliseconds, the oldest first. */
  begunAt: Map<symbol, number>;
  waiting: Set<(release: () => void) => void>;
}

/** Limits the attempts of this process: at most 8 at a time of each key. */
export function inFlightLimit(clock: Clock): InFlightLimit {
  const byKey = new Map<string, Permits>();

  function grant(key: string, permits: Permits): () => void {
    const attempt = Symbol(key);
    permits.begunAt.set(attempt, clock.now().getTime());
    return () => {
      if (!permits.begunAt.delete(attempt)) return;
      const [next] = permits.waiting;
      if (next) {
        permits.waiting.delete(next);
        next(grant(key, permits));
      } else if (permits.begunAt.size === 0) byKey.delete(key);
    };
  }

  function wait(permits: Permits): Promise<(() => void) | undefined> {
    return new Promise((resolve) => {
      const enter = (release: () => void) => {
        stop();
        resolve(release);
      };
      const stop = clock.after(MAX_WAIT_MS, () => {
        permits.waiting.delete(enter);
        resolve(undefined);
      });
      permits.waiting.add(enter);
    });
  }

  return {
    async acquire(key) {
      const permits = byKey.get(key) ?? { begunAt: new Map(), waiting: new Set() };
      byKey.set(key, permits);
      if (permits.begunAt.size < MAX_IN_FLIGHT) return grant(key, permits);
      const [oldest = 0] = permits.begunAt.values();
      return clock.now().getTime() - oldest > MAX_WAIT_MS ? undefined : wait(permits);
    },
  };
}
