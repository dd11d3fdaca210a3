import { BatonError } from "./errors.ts";

const MAX_TRIES = 4;
const FIRST_DELAY_MS = 500;
/** Who has to wait longer than this is told so, and decides. */
const MAX_DELAY_MS = 10_000;
/** Answers of a service, or of a proxy before it, that cannot take the request now. */
const PASSING_STATUS: readonly unknown[] = [429, 502, 503, 504];

/**
 * Sends a request that may be repeated without harm, up to four times while it fails for a reason that passes: no answer
 * came, a service is away, a quota is about to be given back. Waits as long as the API asks, if that is at most 10 s, else
 * half a second, doubled each time, less up to half by chance. Rejects with the last error; with `aborted` once `signal` says so.
 */
export async function retrying<Value>(send: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const delayMs = error instanceof BatonError && isPassing(error) ? delayOf(error, tries) : Infinity;
      if (tries >= MAX_TRIES || delayMs > MAX_DELAY_MS) throw error;
      await pause(delayMs, signal);
      if (signal?.aborted) throw aborted(error);
    }
  }
}

/** What a request that was called off rejects with. */
export function aborted(cause: unknown): BatonError {
  return new BatonError("aborted", "The request was called off. It may have been handled all the same.", { cause });
}

function isPassing({ code, status }: BatonError): boolean {
  return code === "network" || PASSING_STATUS.includes(status);
}

function delayOf({ retryAfterMs }: BatonError, tries: number): number {
  return retryAfterMs ?? FIRST_DELAY_MS * 2 ** (tries - 1) * (1 - Math.random() / 2);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end);
  });
}
