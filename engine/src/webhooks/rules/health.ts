/** How an endpoint has been doing, as a part of its document. Written only when it changes: a success of a healthy endpoint writes nothing. */
export interface EndpointHealth {
  /** Failed attempts since the last success. */
  failures: number;
  /** When the first of these ended; absent while there are none. */
  failingSince?: Date;
  /** How long attempts have been made of which all failed, in milliseconds; silence is not in it. Absent for 0. */
  failedMs?: number;
  /** When the last failure ended, as far as a clock that was behind says nothing else. Absent while there are none. */
  lastFailedAt?: Date;
  /** How far on the way to being disabled the owner was told of, in per cent: 0, 50, 70, 90 or 100. */
  toldPercent: number;
  /** No attempt before this instant: the breaker is open, or the endpoint asked for time. */
  pausedUntil?: Date;
  /** Why it is paused: `breaker` after repeated failures, `throttled` by 429, 502, 503 or 504. */
  pausedBy?: "breaker" | "throttled";
}
