import { BatonError } from "./errors.ts";

const MAX_TRIES = 4;
const FIRST_DELAY_MS = 500;
/** Longest wait between two tries. The caller gets the error of a request that asks for a longer one. */
const MAX_DELAY_MS = 10_000;
/** Statuses below 500 of an answer that may change soon: too slow, too early, too often. */
const PASSING_STATUS: readonly unknown[] = [408, 425, 429];
/** Statuses from 500 on of an answer that does not change. */
const LASTING_STATUS: readonly unknown[] = [501, 505];

/**
 * Sends an idempotent request, up to four times while it fails for a passing reason: an incomplete answer, an
 * unavailable service, a quota that resets soon. Waits as long as the API asks, up to 10 s; otherwise half a second,
 * doubled each time, less up to half at random. An offline browser waits up to 10 s more for its network. Rejects with
 * the last error, or with `aborted` once `signal` aborts.
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

/** Makes the error of an aborted request. */
export function aborted(cause: unknown): BatonError {
  return new BatonError("aborted", "The request was aborted. The API may have handled it.", { cause });
}

/**
 * True when the same request may succeed soon. A conflict (409) passes when the API names a delay. A missing token
 * passes when the sign-in service was not reached.
 */
export function isPassing({ code, status, retryAfterMs, cause }: BatonError): boolean {
  if (code === "network") return true;
  if (code === "no-token") return isUnreachable(cause);
  if (status === 409) return retryAfterMs !== undefined;
  return (
    status !== undefined && (PASSING_STATUS.includes(status) || (status >= 500 && !LASTING_STATUS.includes(status)))
  );
}

/** True for the errors of Firebase Authentication and of `fetch` for a service that was not reached. */
function isUnreachable(cause: unknown): boolean {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "auth/network-request-failed" || code === "auth/timeout" || isOfFetch(cause);
}

/**
 * Recognises `fetch` by the messages of Node and browsers: another `TypeError` is a mistake, such as a user who is
 * null.
 */
function isOfFetch(cause: unknown): boolean {
  return (
    cause instanceof TypeError &&
    /^fetch failed$|^Failed to fetch|^Network ?(Error|request)|^Load failed/.test(cause.message)
  );
}

function delayOf({ retryAfterMs }: BatonError, tries: number): number {
  return retryAfterMs ?? backoffMs(tries, FIRST_DELAY_MS, MAX_DELAY_MS);
}

/** Gives the pause after `failures` in a row: `firstMs`, doubled each time up to `maxMs`, less up to half at random. */
export function backoffMs(failures: number, firstMs: number, maxMs: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), maxMs) * (1 - Math.random() / 2);
}

/** Resolves after `ms`, or at once when `signal` aborts or an offline browser is online again. */
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
