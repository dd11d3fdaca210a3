import { BatonError, errorOfAnswer, jsonOf } from "./errors.ts";
import { aborted } from "./retry.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

/** What reads an answer's body: a zod schema of the protocol. */
interface Parser<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false; error: unknown };
}

/** What a request may carry besides its path. */
interface Content {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Calls the request off. */
  signal?: AbortSignal | undefined;
}

/** Sends one request and reads its answer; rejects with `BatonError`. */
export type Transport = <Value>(
  method: string,
  path: string,
  parser: Parser<Value>,
  content?: Content,
) => Promise<Value>;

/** Speaks to the API over `fetch`, with a fresh token and a deadline for every request. */
export function createTransport(options: {
  apiUrl: string;
  getToken: () => Promise<string>;
  timeoutMs?: number;
}): Transport {
  const baseUrl = options.apiUrl.replace(/\/+$/, "");
  return async (method, path, parser, { body, headers, signal } = {}) => {
    const token = await tokenOf(options.getToken);
    const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const request = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    };
    const answer = await send(`${baseUrl}${path}`, request, signal);
    if (!answer.ok) throw await errorOfAnswer(answer);
    const parsed = parser.safeParse(await jsonOf(answer));
    if (parsed.success) return parsed.data;
    throw new BatonError("unexpected-answer", `The API answered ${answer.status} with a body that cannot be read.`, {
      status: answer.status,
      cause: parsed.error,
    });
  };
}

async function tokenOf(getToken: () => Promise<string>): Promise<string> {
  try {
    return await getToken();
  } catch (cause) {
    throw new BatonError("no-token", "You could not be identified. Check the connection, or sign in again.", { cause });
  }
}

async function send(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (signal?.aborted) throw aborted(cause);
    const isTimeout = cause instanceof DOMException && cause.name === "TimeoutError";
    const detail = isTimeout ? "The API did not answer in time." : "The API cannot be reached. Check the connection.";
    throw new BatonError("network", detail, { cause });
  }
}
