import type { GetFailure } from "@baton/engine/egress";

/** Why a document could not be had. */
export type FetchCode =
  | "url-refused"
  | "dns-failed"
  | "tls-failed"
  | "site-unreachable"
  | "site-timeout"
  | "robots-disallowed"
  | "robots-unavailable"
  | "site-blocked"
  | "page-not-found"
  | "site-error"
  | "too-many-redirects"
  | "redirect-refused"
  | "broken-answer"
  | "other-site"
  | "not-a-page"
  | "page-unreadable";

/** A failed fetch, in words for the owner of the job. */
export interface FetchFailure {
  code: FetchCode;
  message: string;
  /** True where another attempt may help. */
  isTemporary: boolean;
  /** How long the site asks to wait. */
  retryAfterMs?: number;
}

const MESSAGES: Readonly<Record<FetchCode, readonly [message: string, isTemporary: boolean]>> = {
  "url-refused": [
    "The URL is refused: a site has a public host, http or https, and port 80, 443 or 1024 and up.",
    false,
  ],
  "dns-failed": ["The name of the site has no address.", false],
  "tls-failed": ["The site has no valid certificate, or its TLS is broken.", false],
  "site-unreachable": ["The site does not take connections.", true],
  "site-timeout": ["The site did not answer in time.", true],
  "robots-disallowed": ["The site's robots.txt forbids this page to robots.", false],
  "robots-unavailable": ["The site's robots.txt cannot be read, so no page may be (RFC 9309, section 2.3.1.4).", true],
  "site-blocked": ["The site refuses the robot.", false],
  "page-not-found": ["The site has no such page.", false],
  "site-error": ["The site answered with an error of its own.", true],
  "too-many-redirects": ["The site redirects in a circle, or too often.", false],
  "redirect-refused": ["The site redirects to an address that is not public.", false],
  "broken-answer": ["The site's answer is not HTTP, or breaks off.", true],
  "other-site": ["The page redirects to another site.", false],
  "not-a-page": ["The document is not a page of HTML.", false],
  "page-unreadable": ["The page took too much time or memory to read.", false],
};

/** Makes a failure; `detail` is added to its message. */
export function failure(code: FetchCode, detail = "", retryAfterMs?: number): FetchFailure {
  const [message, isTemporary] = MESSAGES[code];
  const text = detail === "" ? message : `${message.slice(0, -1)} (${detail}).`;
  return { code, message: text, isTemporary, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

const OF_REQUESTS: Readonly<Record<GetFailure, FetchCode>> = {
  blocked_destination: "url-refused",
  dns: "dns-failed",
  connect: "site-unreachable",
  tls: "tls-failed",
  timeout: "site-timeout",
  protocol: "broken-answer",
};

/** Codes of a name server that could not answer; a name that has no address is ENOTFOUND or ENODATA. */
const DNS_AWAY = /^(ESERVFAIL|ETIMEOUT|EREFUSED|ECONNREFUSED|EAI_AGAIN|ECANCELLED)$/;

/** Classifies a request that had no answer. */
export function failureOfRequest(kind: GetFailure, code: string | undefined): FetchFailure {
  const failed = failure(OF_REQUESTS[kind], code);
  return kind === "dns" && DNS_AWAY.test(code ?? "") ? { ...failed, isTemporary: true } : failed;
}

/** Classifies an answer by its status; undefined for one with a page. */
export function failureOfStatus(status: number, headers: ReadonlyMap<string, string>): FetchFailure | undefined {
  if (status >= 200 && status < 300 && status !== 204) return undefined;
  const retryAfter = headers.get("retry-after");
  // https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
  if (headers.get("cf-mitigated") === "challenge") return failure("site-blocked", "a challenge for browsers");
  const detail = `status ${status}`;
  if (status === 429) return { ...failure("site-blocked", detail, retryAfterMsOf(retryAfter)), isTemporary: true };
  if (status === 401 || status === 403 || status === 451) return failure("site-blocked", detail);
  if (status === 408) return failure("site-timeout", detail);
  if (status >= 500) return failure("site-error", detail, retryAfterMsOf(retryAfter));
  return failure("page-not-found", detail);
}

const MAX_RETRY_AFTER_MS = 10 * 60_000;

/** Reads `Retry-After` in seconds; a date, which few sites send, counts as absent. */
function retryAfterMsOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value.trim())
    ? Math.min(Number(value) * 1000, MAX_RETRY_AFTER_MS)
    : undefined;
}
