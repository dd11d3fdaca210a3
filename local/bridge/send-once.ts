/** The request that carries an event. */
export interface EventRequest {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** The way to a function. */
export interface Sending {
  /** The function's own timeout: a delivery that takes longer is cut off and has failed. */
  timeoutMs: number;
  /** Sends one request and answers the status; rejects when there was no answer. Must end when the signal aborts. */
  send(request: EventRequest, signal: AbortSignal): Promise<number>;
}

/** Sends the request once; answers what went wrong, or undefined when the function took it (any 2xx). */
export async function sendOnce(
  options: Sending,
  request: EventRequest,
  stop: AbortSignal,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const status = await options.send(request, AbortSignal.any([timeout, stop]));
    return status >= 200 && status < 300 ? undefined : `answered ${status}`;
  } catch (error) {
    if (timeout.aborted) return `timed out after ${options.timeoutMs} ms`;
    return error instanceof Error ? error.message : String(error);
  }
}
