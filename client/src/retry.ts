import { BatonError } from "./errors.ts";

const MAX_TRIES = 4;
const FIRST_DELAY_MS = 500;
/** Who has to wait longer than this is told so, and decides. */
const MAX_DELAY_MS = 10_000;
/** Answers that say "not now" below 500: too slow, too early, too often. */
const PASSING_STATUS: readonly unknown[] = [408, 425, 429];
/** Of the answers from 500 on, those that stay as they are. */
const LASTING_STATUS: readonly unknown[] = [501, 505];

/**
 * Sends a request that may be repeated without harm, up to four times while it fails for a reason that passes: no whole
 * answer came, a service is away, a quota is about to be given back. Waits as long as the API asks, if that is at most
 * 10 s; else half a second, doubled each time, less up to half by chance. A browser that is offline waits for its
 * network up to 10 s more. Rejects with the last error; with `aborted` once `signal` says so.
 */
export async function retrying<Value>(send: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const delayMs = error instanceof BatonError && isPassing(error) ? delayOf(error, tries) : Infinity;
      if (tries >= MAX_TRIES || delayMs > MAX_DELAY_MS) throw error;
      await pause(delayMs, signal);
      if (isOffline()) await pause(MAX_DELAY_MS, signal);
      if (signal?.aborted) throw aborted(error);
    }
  }
}

/** What a request that was called off rejects with. */
export function aborted(cause: unknown): BatonError {
  return new BatonError("aborted", "The request was called off. It may have been handled all the same.", { cause });
}

/**
 * Whether the same request may well succeed soon. A conflict (409) passes when the API says when; a token that could not be had
 * does when the sign-in service was not reached.
 */
export function isPassing({ code, status, retryAfterMs, cause }: BatonError): boolean {
  if (code === "network") return true;
  if (code === "no-token") return isUnreachable(cause);
  if (status === 409) return retryAfterMs !== undefined;
  return (
    status !== undefined && (PASSING_STATUS.includes(status) || (status >= 500 && !LASTING_STATUS.includes(status)))
  );
}

/** How Firebase's sign-in, and `fetch`, say that nothing was reached. */
function isUnreachable(cause: unknown): boolean {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "auth/network-request-failed" || code === "auth/timeout" || isOfFetch(cause);
}

/** A `TypeError` may as well be a mistake in the program, such as a user who is null. The words are those of Node and of browsers. */
function isOfFetch(cause: unknown): boolean {
  return (
    cause instanceof TypeError &&
    /^fetch failed$|^Failed to fetch|^Network ?(Error|request)|^Load failed/.test(cause.message)
  );
}

function delayOf({ retryAfterMs }: BatonError, tries: number): number {
  return retryAfterMs ?? backoffMs(tries, FIRST_DELAY_MS, MAX_DELAY_MS);
}

/** A pause after `failures` in a row: `firstMs`, doubled each time up to `maxMs`, less up to half by chance. */
export function backoffMs(failures: number, firstMs: number, maxMs: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), maxMs) * (1 - Math.random() / 2);
}

/** Resolves after `ms`, at once when `signal` aborts, and when a browser that was offline is online again. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      globalThis.removeEventListener?.("online", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    globalThis.addEventListener?.("online", end);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end);
  });
}

function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}
