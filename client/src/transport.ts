import { type Deadline, startDeadline } from "./deadline.ts";
import { type Answer, BatonError, errorOfAnswer } from "./errors.ts";
import { jsonTextOf } from "./json-text.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

/** Time for the download of one file: 100 MB at 1.4 Mbit/s. */
const DOWNLOAD_TIMEOUT_MS = 600_000;

/** Largest body that the API takes: 1 MiB of UTF-8. */
const MAX_BODY_BYTES = 1_048_576;

/** Gives an ID token, or an API key. `forceRefresh` asks for a new token, because the API refused the previous one. */
export type GetToken = (options?: { forceRefresh: boolean }) => Promise<string>;

/** A zod schema that reads the body of an answer. */
interface Parser<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false; error: unknown };
}

/** The parts of a request beside its method and path. */
interface Content {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Aborts the request. */
  signal?: AbortSignal | undefined;
}

/** The way to the API. Each request rejects with `BatonError`. */
export interface Transport {
  /** Sends one request and reads its answer. */
  request<Value>(method: string, path: string, parser: Parser<Value>, content?: Content): Promise<Value>;
  /** Reads the bytes at an address that needs no token. */
  download(url: string, signal: AbortSignal | undefined): Promise<Blob>;
}

/**
 * Creates a transport over `fetch`. Each request has a token, and a deadline that covers the token, the headers of the
 * answer and its body. The API does not handle a request whose token it refuses (401): it is sent once more with a new
 * token.
 */
export function createTransport(options: { apiUrl: string; getToken: GetToken; timeoutMs?: number }): Transport {
  const exchange = async ({ path, init, timeoutMs, signal }: Exchange): Promise<Answer<string>> => {
    const url = urlOf(options.apiUrl, path);
    const deadline = startDeadline(timeoutMs, signal);
    const attempt = async (forceRefresh: boolean) => {
      const token = await tokenOf(() => options.getToken({ forceRefresh }), deadline);
      const headers = { authorization: `Bearer ${token}`, ...init.headers };
      return send(url, { ...init, headers }, deadline, (answer) => answer.text());
    };
    try {
      const first = await attempt(false);
      return first.status === 401 ? await attempt(true) : first;
    } finally {
      deadline.release();
    }
  };
  return {
    async request(method, path, parser, { body, headers, signal } = {}) {
      const text = body === undefined ? undefined : bodyOf(body);
      const contentType = text === undefined ? {} : { "content-type": "application/json" };
      const init = { method, headers: { ...contentType, ...headers }, ...(text !== undefined && { body: text }) };
      const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      return readAnswer(await exchange({ path, init, timeoutMs, signal }), parser);
    },
    download,
  };
}

/** Without the token: the address is for everybody who has it, and Cloud Storage refuses a token that it does not know. */
async function download(url: string, signal: AbortSignal | undefined): Promise<Blob> {
  const deadline = startDeadline(DOWNLOAD_TIMEOUT_MS, signal);
  try {
    const answer = await send(url, {}, deadline, (found) => found.blob());
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw errorOfAnswer(answer, undefined);
  } finally {
    deadline.release();
  }
}

/** A request. */
interface Exchange {
  path: string;
  init: { method?: string; headers?: Record<string, string>; body?: string };
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** Makes the address of a request. Throws `invalid-argument` for an `apiUrl` that no request can go to. */
function urlOf(apiUrl: string, path: string): string {
  const invalid = (why: string) => new BatonError("invalid-argument", `The apiUrl ${JSON.stringify(apiUrl)} ${why}.`);
  if (typeof apiUrl !== "string") throw invalid("is not text");
  if (/[?#]/.test(apiUrl)) throw invalid("must not have a query or a fragment");
  if (/^\s*[a-z][a-z\d+.-]*:/i.test(apiUrl) && !/^\s*https?:\/\/[^/]/i.test(apiUrl)) {
    throw invalid("must begin with https:// or http:// and a host");
  }
  const url = parsedUrl(`${apiUrl.trim().replace(/\/+$/, "")}${path}`);
  if (!url) throw invalid("is no absolute address. Outside a web page, give one such as https://api.example.com");
  if (!/^https?:$/.test(url.protocol)) throw invalid("does not lead to https or http from this page");
  if (url.username || url.password) throw invalid("must not have a user name or a password");
  return url.href;
}

/** Resolves a relative address against the page, where there is a page. */
function parsedUrl(address: string): URL | undefined {
  try {
    return new URL(address, globalThis.location?.href);
  } catch {
    return undefined;
  }
}

function bodyOf(body: unknown): string {
  const text = jsonTextOf(body, MAX_BODY_BYTES);
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes <= MAX_BODY_BYTES) return text;
  throw new BatonError("body-too-large", `The request has ${bytes} bytes; at most ${MAX_BODY_BYTES} can be sent.`);
}

async function tokenOf(getToken: () => Promise<string>, deadline: Deadline): Promise<string> {
  const failed = (detail: string, cause?: unknown) => new BatonError("no-token", detail, { cause });
  let token: unknown;
  try {
    token = await deadline.within((async () => getToken())());
  } catch (cause) {
    const late = () => failed("getToken gave no token in time. Nothing was sent.", cause);
    throw (
      deadline.verdict(cause, late) ??
      failed("You could not be identified. Check the connection, or sign in again.", cause)
    );
  }
  if (typeof token === "string" && /^[\x21-\x7e]+$/.test(token.trim())) return token.trim();
  throw failed("getToken gave no token: one or more printable ASCII characters without a space. Nothing was sent.");
}

/**
 * Sends a request and reads the whole body. An answer that breaks off, stalls or cannot be decompressed is a `network`
 * error.
 */
async function send<Body>(
  url: string,
  init: RequestInit,
  deadline: Deadline,
  read: (answer: Response) => Promise<Body>,
): Promise<Answer<Body>> {
  try {
    const answer = await fetch(url, { ...init, signal: deadline.signal });
    const { status, headers } = answer;
    return { status, headers, body: await deadline.within(read(answer)) };
  } catch (cause) {
    const network = (detail: string) => new BatonError("network", detail, { cause });
    throw (
      deadline.verdict(cause, () => network("The API did not answer in time.")) ??
      network("The API cannot be reached. Check the connection.")
    );
  }
}

function readAnswer<Value>(answer: Answer<string>, parser: Parser<Value>): Value {
  const { status } = answer;
  const isOk = status >= 200 && status < 300;
  const body = jsonOf(answer.body, isOk);
  if (!isOk) throw errorOfAnswer(answer, body);
  const parsed = parser.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BatonError("unexpected-answer", `The API answered ${status} with a body that cannot be read.`, {
    status,
    cause: parsed.error,
  });
}

/**
 * Reads the body as JSON; gives `undefined` for another body, such as a proxy's page. The API sends JSON objects, so
 * an incomplete object was cut on its way, and so was the empty body of a 2xx answer. Both throw `network`.
 */
function jsonOf(text: string, isOk: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text.trimStart();
    if (!start.startsWith("{") && !(isOk && start === "")) return undefined;
    throw new BatonError("network", "The API's answer broke off. Check the connection.", { cause });
  }
}
