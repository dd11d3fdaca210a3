/** Gives out turns of hosts: at any time, one request to a host is under way, of all jobs of the deployment. */
export interface HostTurns {
  /**
   * Runs `request` once the host is free, and keeps it for at most 30 s. After it, the host rests for the milliseconds
   * that `restMs` answers. Rejects as `request` does, with the reason of `signal`, and with a `RetryableError`
   * `site-busy` after a minute of waiting.
   */
  take<T>(host: string, signal: AbortSignal, request: () => Promise<T>, restMs: () => number): Promise<T>;
}
