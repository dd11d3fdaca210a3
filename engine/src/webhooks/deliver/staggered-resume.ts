import type { Clock } from "../../kit/ports.ts";
import { recent } from "../../kit/recent.ts";
import type { StaggeredResume } from "../ports.ts";

/** Deliveries to one endpoint that one process resumes at the same instant, and how far apart these instants are. */
const BATCH = 10;
const INTERVAL_MS = 10_000;
/** How long after a pause the last batch resumes. Deliveries beyond it begin at the end of the pause again. */
const MAX_SPREAD_MS = 60 * 60 * 1000;
/** Endpoints that are remembered. */
const MAX_KNOWN = 1000;

interface Batch {
  resumeAtMs: number;
  size: number;
}

/**
 * Staggers retries after a pause: 10 deliveries every 10 s per process. So a recovering endpoint does not meet its
 * whole backlog at once (thundering herd), and a pause that is extended does not move the whole backlog again.
 */
export function staggeredResume(clock: Clock): StaggeredResume {
  const last = recent<Batch>(MAX_KNOWN);

  function nextBatch(endpointId: string, pausedUntilMs: number): Batch {
    const batch = last.get(endpointId);
    if (!batch || batch.resumeAtMs < pausedUntilMs || batch.resumeAtMs > pausedUntilMs + MAX_SPREAD_MS) {
      return { resumeAtMs: pausedUntilMs, size: 0 };
    }
    if (batch.size < BATCH) return batch;
    // Multiples of 10 s for all endpoints and processes: the sweep, which waits for them, then wakes once for each.
    return { resumeAtMs: (Math.floor(batch.resumeAtMs / INTERVAL_MS) + 1) * INTERVAL_MS, size: 0 };
  }

  return {
    resumeAtAfter(endpointId, pausedUntil) {
      const { resumeAtMs, size } = nextBatch(endpointId, Math.max(pausedUntil.getTime(), clock.now().getTime()));
      last.set(endpointId, { resumeAtMs, size: size + 1 });
      return new Date(resumeAtMs);
    },
  };
}
