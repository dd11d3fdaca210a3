import { setTimeout } from "node:timers/promises";
import { PermanentError, RetryAfterError, RetryableError } from "@baton/engine";
import { z } from "zod";

/** How an API of Google is reached. */
export interface GoogleApi {
  /** Names the service in errors, as in `The language model`. */
  name: string;
  baseUrl: string;
  apiKey: string;
  /** Of one request. */
  timeoutMs: number;
  /** Waits between tries within one call; as many retries as there are waits. */
  retryDelaysMs?: readonly number[];
}

const RETRY_DELAYS_MS = [500, 1500, 4000];
/** A pause that the API asks for is waited for when it is shorter; a longer one postpones the job. */
const LONGEST_WAIT_MS = 10_000;

/** The error body of Google's APIs: https://cloud.google.com/apis/design/errors */
const ErrorBody = z.object({
  error: z.object({
    status: z.string().default(""),
    details: z.array(z.looseObject({ retryDelay: z.string().optional() })).default([]),
  }),
});

/**
 * Sends a JSON request to an API of Google and answers its JSON. Tries again when the API is busy, fails or cannot be
 * reached. Throws a `PermanentError` `service-rejected` when it refuses the request or the key, a `RetryAfterError`
 * `service-busy` when it asks for a long pause, and a `RetryableError` `service-failed` when it does not recover. No
 * error has the key or the answer in its message.
 */
export async function callGoogleApi(
  api: GoogleApi,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { retryDelaysMs = RETRY_DELAYS_MS } = api;
  for (const delayMs of retryDelaysMs) {
    const tried = await tryOnce(api, path, body, signal);
    if (tried.outcome === "answered") return tried.json;
    const askedMs = tried.askedMs ?? 0;
    if (askedMs > LONGEST_WAIT_MS) {
      throw new RetryAfterError("service-busy", `${api.name} asks for a pause.`, { afterMs: askedMs });
    }
    await setTimeout(Math.max(delayMs, askedMs), undefined, { signal });
  }
  const last = await tryOnce(api, path, body, signal);
  if (last.outcome === "answered") return last.json;
  throw new RetryableError("service-failed", `${api.name} failed ${retryDelaysMs.length + 1} times: ${last.reason}.`);
}

type Try = { outcome: "answered"; json: unknown } | { outcome: "failed"; reason: string; askedMs?: number };

async function tryOnce(api: GoogleApi, path: string, body: unknown, signal: AbortSignal): Promise<Try> {
  let status: number;
  let json: unknown;
  let retryAfter: string | null;
  try {
    const response = await fetch(`${api.baseUrl}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": api.apiKey },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(api.timeoutMs)]),
    });
    status = response.status;
    retryAfter = response.headers.get("retry-after");
    json = await response.json().catch(() => undefined);
  } catch {
    signal.throwIfAborted();
    return { outcome: "failed", reason: "no answer" };
  }
  signal.throwIfAborted();
  if (status === 200 && json !== undefined) return { outcome: "answered", json };
  const problem = ErrorBody.safeParse(json).data?.error;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    throw new PermanentError(
      "service-rejected",
      `${api.name} refused the request: ${status} ${problem?.status ?? ""}.`,
    );
  }
  const askedMs =
    secondsIn(problem?.details.find(({ retryDelay }) => retryDelay)?.retryDelay ?? retryAfter ?? "") * 1000;
  return { outcome: "failed", reason: `status ${status}`, ...(askedMs > 0 && { askedMs }) };
}

/** Seconds of a `RetryInfo`, `34s`, or of a `Retry-After` header, `34`; 0 for anything else. */
function secondsIn(text: string): number {
  return Number(/^(\d+(?:\.\d+)?)s?$/.exec(text)?.[1] ?? 0);
}
