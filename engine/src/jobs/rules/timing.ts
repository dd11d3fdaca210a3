import type { FinalStatus } from "@baton/protocol";

/** When the engine looks again. Every time is in milliseconds. */
export interface Timing {
  /** How long a message, or an event, may be on its way before the sweep looks again. */
  messageLostMs: number;
  /** The longest wait in which a job keeps its slot, as `queued`; for longer ones it is `pending`, without a slot. */
  shortWaitMs: number;
  /** How long a job that was told to stop may take over it, clean-up included, before it becomes `cancelled` without its worker. */
  cancelGraceMs: number;
  /**
   * The ends whose results are looked at again until they are announced to other services. Any other result is looked at
   * again only where it may have subscribers.
   */
  announcedEnds: readonly FinalStatus[];
}

/**
 * The longest wait that function `wake` sees to from its beginning; what lies further ahead is the sweep's, which hands it to `wake`
 * when it comes near.
 */
export const WAKE_WITHIN_MS = 60_000;

/**
 * The part of `cancelGraceMs` for which a worker that sends nothing keeps its lease after a cancel. A worker that is
 * alive hears of the cancel within 2 s and renews it. When the worker is dead, another one takes the job over then, and
 * has two thirds of the time to clean up.
 */
export const CANCEL_HEARD_SHARE = 1 / 3;

/** How often a cancelled job may be claimed for its clean-up, and the shortest pause between two of them, in milliseconds. */
export const MAX_CLEAN_UPS = 3;
export const CLEAN_UP_PAUSE_MS = 1000;

/** The first two times follow from the scheduler, which calls the sweep once a minute. */
export const DEFAULT_TIMING: Timing = {
  messageLostMs: 60_000,
  shortWaitMs: 60_000,
  cancelGraceMs: 30_000,
  announcedEnds: [],
};
