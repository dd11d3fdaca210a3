import type { GetLimits, GetOutcome, GuardedGet } from "@baton/engine/egress";
import type { FetchedDocument } from "../read/read-page.ts";
import { type FetchFailure, failure, failureOfRequest, failureOfStatus } from "./fetch-failures.ts";
import type { HostTurns } from "./host-turns.ts";
import { MAX_ROBOTS_BYTES, type Robots, robotsOf } from "./robots.ts";

/** What became of a fetch. */
export type Fetched =
  | { outcome: "fetched"; document: FetchedDocument }
  | { outcome: "failed"; failure: FetchFailure; url: string };

/** How a document is asked for. */
export interface DocumentKind {
  accept: string;
  /** Content types, without their parameters; one that is absent is taken, too. */
  types: RegExp;
  maxBytes: number;
}

/** Kinds of documents. A page larger than the limit is read as far as it goes. */
export const PAGE: DocumentKind = {
  accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
  types:
    /^(text\/html|application\/xhtml\+xml|text\/plain|application\/xml|text\/xml|application\/vnd\.wap\.xhtml\+xml)$/i,
  maxBytes: 4 * 2 ** 20,
};
export const XML: DocumentKind = {
  accept: "application/rss+xml,application/atom+xml,application/xml,text/xml,application/feed+json,*/*;q=0.1",
  types: /xml|json|^text\/(plain|html)$|gzip|octet-stream/i,
  maxBytes: 4 * 2 ** 20,
};

/** What the client of one site needs. */
export interface SiteClientPorts {
  get: GuardedGet;
  turns: HostTurns;
  userAgent: string;
  /** Deadline of one request. */
  deadlineMs: number;
}

/** Reads documents as a polite robot. */
export interface SiteClient {
  /** Fetches a document, redirects followed. Each address on the way is judged anew: by the guard, and by robots.txt. */
  fetch(url: string, kind: DocumentKind, signal: AbortSignal): Promise<Fetched>;
  /** Reads the robots.txt of a URL's host; the failure where it forbids all. Read once a client. */
  robots(url: string, signal: AbortSignal): Promise<Robots | FetchFailure>;
  /** The robots.txt files read so far, by origin, for a client of a later step. */
  knownRobots(): Record<string, string>;
}

const MAX_REDIRECTS = 8;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Text of a robots.txt that is kept from step to step; a longer one is read again. */
const MAX_KEPT_ROBOTS = 50_000;

/** Makes a client that knows the robots.txt files in `known`. */
export function siteClient(ports: SiteClientPorts, known: Readonly<Record<string, string>> = {}): SiteClient {
  const texts = new Map(Object.entries(known));
  const read = new Map([...texts].map(([origin, text]) => [origin, robotsOf(`${origin}/robots.txt`, text)]));

  async function request(
    url: string,
    limits: Pick<GetLimits, "maxBytes" | "signal" | "isBodyWanted">,
    accept: string,
    restMs: number,
  ) {
    const headers = { "user-agent": ports.userAgent, accept, "accept-language": "en,*;q=0.5" };
    const send = () => ports.get(url, { ...limits, headers, deadlineMs: ports.deadlineMs });
    return ports.turns.take(new URL(url).host, limits.signal, send, () => restMs);
  }

  async function robots(url: string, signal: AbortSignal): Promise<Robots | FetchFailure> {
    const { origin } = new URL(url);
    const earlier = read.get(origin);
    if (earlier) return earlier;
    const text = await robotsText(`${origin}/robots.txt`, signal);
    if (typeof text !== "string") return text;
    const made = robotsOf(`${origin}/robots.txt`, text);
    read.set(origin, made);
    if (text.length <= MAX_KEPT_ROBOTS) texts.set(origin, text);
    return made;
  }

  /** Without a robots.txt everything is allowed; with one that cannot be had, nothing is. */
  async function robotsText(robotsUrl: string, signal: AbortSignal): Promise<string | FetchFailure> {
    let url = robotsUrl;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await request(url, { maxBytes: MAX_ROBOTS_BYTES, signal }, "text/plain,*/*;q=0.1", 0);
      if (answer.outcome !== "answered") return hop === 0 ? failureOfAnswer(answer) : failure("robots-unavailable");
      const target = redirectOf(answer, url);
      if (target === undefined) return textOfRobots(answer);
      url = target;
    }
    return "";
  }

  async function fetch(first: string, kind: DocumentKind, signal: AbortSignal): Promise<Fetched> {
    const seen = new Set<string>();
    const isBodyWanted = (status: number, headers: ReadonlyMap<string, string>) =>
      !REDIRECTS.has(status) && kind.types.test(typeOf(headers));
    for (let url = first; ; ) {
      const failed = (reason: FetchFailure): Fetched => ({ outcome: "failed", failure: reason, url });
      if (seen.has(url) || seen.size > MAX_REDIRECTS) return failed(failure("too-many-redirects"));
      if (!/^https?:/.test(url)) return failed(failure("redirect-refused"));
      seen.add(url);
      const rules = await robots(url, signal);
      if ("code" in rules)
        return failed(seen.size > 1 && rules.code === "url-refused" ? failure("redirect-refused") : rules);
      if (!rules.isAllowed(url)) return failed(failure("robots-disallowed"));
      const answer = await request(
        url,
        { maxBytes: kind.maxBytes, signal, isBodyWanted },
        kind.accept,
        rules.crawlDelayMs,
      );
      if (answer.outcome !== "answered") return failed(failureOfAnswer(answer));
      const target = redirectOf(answer, url);
      if (target === undefined) return documentOf(answer, url, kind, failed);
      url = target;
    }
  }

  return { fetch, robots, knownRobots: () => Object.fromEntries(texts) };
}

type Answer = Extract<GetOutcome, { outcome: "answered" }>;

function failureOfAnswer(answer: Exclude<GetOutcome, Answer>): FetchFailure {
  return answer.outcome === "refused" ? failure("url-refused") : failureOfRequest(answer.kind, answer.code);
}

function redirectOf({ status, headers }: Answer, url: string): string | undefined {
  const location = headers.get("location");
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const target = URL.parse(location, url);
  if (target) target.hash = "";
  return target?.href;
}

function textOfRobots({ status, headers, bytes }: Answer): string | FetchFailure {
  const failed = failureOfStatus(status, headers);
  if (failed && (status >= 500 || status === 429))
    return failure("robots-unavailable", `status ${status}`, failed.retryAfterMs);
  // A page of HTML in its place is a site's answer to everything, and no robots.txt.
  const text = failed ? "" : new TextDecoder().decode(bytes);
  return /^\s*</.test(text) ? "" : text;
}

function typeOf(headers: ReadonlyMap<string, string>): string {
  return (headers.get("content-type") ?? "text/html").split(";")[0]?.trim() || "text/html";
}

function documentOf(
  answer: Answer,
  url: string,
  kind: DocumentKind,
  failed: (reason: FetchFailure) => Fetched,
): Fetched {
  const { status, headers, bytes, cut } = answer;
  const ofStatus = failureOfStatus(status, headers);
  if (ofStatus) return failed(ofStatus);
  if (!kind.types.test(typeOf(headers))) return failed(failure("not-a-page", typeOf(headers)));
  if (cut === "timeout") return failed(failure("site-timeout"));
  if (cut === "broken" && bytes.length === 0) return failed(failure("broken-answer"));
  return { outcome: "fetched", document: { url, body: bytes, headers } };
}
