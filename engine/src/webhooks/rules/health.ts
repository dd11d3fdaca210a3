/** How an endpoint has been doing: a part of its document. A success of a healthy endpoint changes nothing in it. */
export interface EndpointHealth {
  /** Failed attempts since the last success. */
  failures: number;
  /** When the first of these failures ended. Absent while there are none. */
  failingSince?: Date;
  /** How long all attempts have failed, in milliseconds, without the times in which none was made. Absent for 0. */
  failedMs?: number;
  /** When the last failure ended. A clock that is behind does not move it back. Absent while there are none. */
  lastFailedAt?: Date;
  /** The last step on the way to being disabled that the owner was alerted of, in per cent: 0, 50, 70, 90 or 100. */
  alertedPercent: number;
  /** No attempt before this instant: the breaker is open, or the endpoint asked for time. */
  pausedUntil?: Date;
  /** Why it is paused: `breaker` after repeated failures, `throttled` by 429, 502, 503 or 504. */
  pausedBy?: "breaker" | "throttled";
}

/** The health of a new endpoint, and of one that was enabled again. */
export const HEALTHY: EndpointHealth = { failures: 0, alertedPercent: 0 };

/** Says whether the health is that of a new endpoint: no failure, no pause, nothing to alert of. */
export function isHealthy(health: EndpointHealth): boolean {
  const { failures, alertedPercent, ...rest } = health;
  return failures === 0 && alertedPercent === 0 && Object.keys(rest).length === 0;
}
