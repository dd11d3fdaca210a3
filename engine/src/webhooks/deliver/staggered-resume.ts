import type { Clock } from "../../kit/ports.ts";
import type { Parking } from "../ports.ts";

/** Deliveries to one endpoint that one process lets come back at the same moment, and how far apart these moments are. */
const TOGETHER = 10;
const APART_MS = 10_000;
/** How long after a pause the last of them comes back; with more than this has room for, more come together. */
const MAX_SPREAD_MS = 60 * 60 * 1000;
/** Endpoints that are kept in mind. */
const MAX_KNOWN = 1000;

interface Moment {
  atMs: number;
  taken: number;
}

/**
 * The parking of this process. While an endpoint stays away, what gathers for it would all come back at the end of each pause, only to be put
 * off again; and once it is there again, it would get all of it at once. So 10 come back every 10 s.
 */
export function parking(clock: Clock): Parking {
  const last = new Map<string, Moment>();

  function nextMoment(endpointId: string, pausedUntilMs: number): Moment {
    const moment = last.get(endpointId);
    if (!moment || moment.atMs < pausedUntilMs || moment.atMs > pausedUntilMs + MAX_SPREAD_MS) {
      return { atMs: pausedUntilMs, taken: 0 };
    }
    if (moment.taken < TOGETHER) return moment;
    // At the same moments for all endpoints and processes: the sweep, which stays up for them, looks at each only once.
    return { atMs: (Math.floor(moment.atMs / APART_MS) + 1) * APART_MS, taken: 0 };
  }

  return {
    momentAfter(endpointId, pausedUntil) {
      const { atMs, taken } = nextMoment(endpointId, Math.max(pausedUntil.getTime(), clock.now().getTime()));
      last.delete(endpointId);
      last.set(endpointId, { atMs, taken: taken + 1 });
      const oldest = last.keys().next().value;
      if (last.size > MAX_KNOWN && oldest !== undefined) last.delete(oldest);
      return new Date(atMs);
    },
  };
}
