import { BatonError } from "./errors.ts";
import { aborted } from "./retry.ts";

/** The longest pause a timer can make; a longer one ends at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** The time of one request, from asking for the token to the last byte of the answer. */
export interface Deadline {
  /** Aborts when the time is over, or the caller called the request off. */
  signal: AbortSignal;
  /** Gives what `work` gives, unless the deadline comes first: then it rejects at once, however long `work` takes. */
  within<Value>(work: Promise<Value>): Promise<Value>;
  /** Why nothing came: `aborted` when the caller called it off, else what `whenLate` makes of a time that is over, else undefined. */
  verdict(cause: unknown, whenLate: () => BatonError): BatonError | undefined;
  /** Releases the timer and the caller's signal. */
  end(): void;
}

/**
 * Starts a deadline of `timeoutMs` milliseconds beside the caller's own `signal`. Throws `BatonError` (`invalid-argument`) for a time
 * that is none. Not `AbortSignal.any` and `AbortSignal.timeout`: browsers in use do not have the first.
 */
export function startDeadline(timeoutMs: number, signal: AbortSignal | undefined): Deadline {
  if (!(timeoutMs > 0)) throw new BatonError("invalid-argument", "timeoutMs must be a number above 0.");
  const controller = new AbortController();
  const over = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason));
  });
  // The promise is raced below; when the work ends first, no code listens to it.
  over.catch(() => undefined);
  const abort = () => controller.abort(signal?.reason);
  const late = () => controller.abort(new DOMException("The time is over.", "TimeoutError"));
  const timer = setTimeout(late, Math.min(timeoutMs, MAX_TIMER_MS));
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    within: (work) => Promise.race([work, over]),
    verdict: (cause, whenLate) => {
      if (signal?.aborted) return aborted(cause);
      return controller.signal.aborted ? whenLate() : undefined;
    },
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}
