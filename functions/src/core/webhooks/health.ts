/** How an endpoint has been doing, as a part of its document. Written only when it changes: a success of a healthy endpoint writes nothing. */
export interface EndpointHealth {
  /** Failed attempts since the last success. */
  failures: number;
  /** When the first of these ended; absent while there are none. */
  failingSince?: Date;
  /** How far on the way to being disabled the owner was told of, in per cent: 0, 50, 70, 90 or 100. */
  toldPercent: number;
  /** No attempt before this instant: the breaker is open, or the endpoint asked for time. */
  pausedUntil?: Date;
  /** Why it is paused: `breaker` after repeated failures, `throttled` by 429, 502, 503 or 504. */
  pausedBy?: "breaker" | "throttled";
}
