/** The world's time, and how far the clock of the process that acts is ahead of it. */
export function skewedClock(startMs: number) {
  let nowMs = startMs;
  let aheadMs = 0;
  return {
    /** The time that the process reads. */
    now: () => new Date(nowMs + aheadMs),
    after: () => () => undefined,
    worldMs: () => nowMs,
    pass(ms: number) {
      nowMs += ms;
    },
    setAhead(ms: number) {
      aheadMs = ms;
    },
  };
}
