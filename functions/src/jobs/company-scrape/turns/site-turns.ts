import type { SiteTurn } from "./site-queue.ts";

/** Has the jobs of one site read it one after the other, in the order in which they asked. */
export interface SiteTurns {
  /** Asks for the site. A job that waits asks again after `afterMs`, or loses its place a minute later. */
  ask(domain: string, jobId: string): Promise<SiteTurn>;
  /** Ends the turn of a job, or its wait. Idempotent. Never rejects: a turn ends by itself after five minutes. */
  leave(domain: string, jobId: string): Promise<void>;
}
