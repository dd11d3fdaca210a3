/** How patient the engine is. Every value is in milliseconds. */
export interface Timing {
  /** How long a message, or an event, may be on its way before somebody looks again. */
  messageLostMs: number;
  /** The longest wait that rides on the redelivery of a message; from there on a job waits as `pending`, and takes up no slot. */
  shortWaitMs: number;
  /** How long a job that was told to stop may take over it, clean-up included, before it is ended without its worker. */
  cancelGraceMs: number;
}

/** The first two follow from the scheduler, which calls the sweep once a minute. */
export const DEFAULT_TIMING: Timing = { messageLostMs: 60_000, shortWaitMs: 60_000, cancelGraceMs: 30_000 };
