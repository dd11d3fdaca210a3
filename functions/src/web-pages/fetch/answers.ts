import type { GetLimits, GetOutcome } from "@baton/engine/egress";
import { type FetchFailure, failure, failureOfRequest } from "./fetch-failures.ts";

/** Sends one request when it is the turn of the host, which rests for `restMs` afterwards. */
export type SendRequest = (
  url: string,
  limits: Pick<GetLimits, "maxBytes" | "signal" | "isBodyWanted">,
  accept: string,
  restMs: number,
) => Promise<GetOutcome>;

/** An answer of a server, whatever its status. */
export type Answer = Extract<GetOutcome, { outcome: "answered" }>;

/** Redirects that are followed, one after the other. */
export const MAX_REDIRECTS = 8;

/** True for the statuses of answers that name another URL. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** Classifies a request without an answer. */
export function failureOfAnswer(answer: Exclude<GetOutcome, Answer>): FetchFailure {
  return answer.outcome === "refused" ? failure("url-refused") : failureOfRequest(answer.kind, answer.code);
}

/** Gives the URL that an answer redirects to; undefined for one that redirects nowhere. */
export function redirectOf({ status, headers }: Answer, url: string): string | undefined {
  const location = headers.get("location");
  if (!isRedirect(status) || location === undefined) return undefined;
  const target = URL.parse(location, url);
  if (target) target.hash = "";
  return target?.href;
}
