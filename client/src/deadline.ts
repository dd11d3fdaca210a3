import { BatonError } from "./errors.ts";
import { aborted } from "./retry.ts";

/** Longest delay of `setTimeout`, which treats a longer one as 0. */
const MAX_TIMER_MS = 2_147_483_647;

/** The time limit of one request, from the call of `getToken` to the last byte of the answer. */
export interface Deadline {
  /** Aborts when the time is up, or when the caller aborts the request. */
  signal: AbortSignal;
  /** Settles as `work` does; rejects when the deadline comes first, and does not wait for `work`. */
  within<Value>(work: Promise<Value>): Promise<Value>;
  /**
   * Explains a failed request: `aborted` after the caller's abort, the error of `whenLate` after the time, else
   * undefined.
   */
  verdict(cause: unknown, whenLate: () => BatonError): BatonError | undefined;
  /** Releases the timer and the listener on the caller's signal. */
  release(): void;
}

/**
 * Starts a deadline of `timeoutMs` milliseconds, combined with the caller's own `signal`. Throws `BatonError`
 * (`invalid-argument`) unless `timeoutMs` is above 0. Supported browsers lack `AbortSignal.any`.
 */
export function startDeadline(timeoutMs: number, signal: AbortSignal | undefined): Deadline {
  if (!(timeoutMs > 0)) throw new BatonError("invalid-argument", "timeoutMs must be a number above 0.");
  const controller = new AbortController();
  const expired = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason));
  });
  // When the work settles first, no other code handles this rejection.
  expired.catch(() => undefined);
  const abort = () => controller.abort(signal?.reason);
  const late = () => controller.abort(new DOMException("The time is up.", "TimeoutError"));
  const timer = setTimeout(late, Math.min(timeoutMs, MAX_TIMER_MS));
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    within: (work) => Promise.race([work, expired]),
    verdict: (cause, whenLate) => {
      if (signal?.aborted) return aborted(cause);
      return controller.signal.aborted ? whenLate() : undefined;
    },
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}
