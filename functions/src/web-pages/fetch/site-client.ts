import type { GuardedGet } from "@baton/engine/egress";
import { type Answer, failureOfAnswer, isRedirect, MAX_REDIRECTS, redirectOf, type SendRequest } from "./answers.ts";
import { type FetchFailure, failure, failureOfStatus } from "./fetch-failures.ts";
import type { HostTurns } from "./host-turns.ts";
import type { Robots } from "./robots.ts";
import { robotsReader } from "./robots-reader.ts";

/** A document as it was fetched. */
export interface FetchedDocument {
  /** Where it was found, after redirects. */
  url: string;
  body: Uint8Array;
  headers: ReadonlyMap<string, string>;
}

/** The outcome of a fetch. */
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

/** The ports and settings of one site's client. */
export interface SiteClientPorts {
  get: GuardedGet;
  turns: HostTurns;
  userAgent: string;
  /** Deadline of one request. */
  deadlineMs: number;
}

/** Reads documents as a polite robot. */
export interface SiteClient {
  /** Fetches a document, redirects followed. Each address on the way is judged: by the guard, and by robots.txt. */
  fetch(url: string, kind: DocumentKind, signal: AbortSignal): Promise<Fetched>;
  /** Reads the robots.txt of a URL's host; the failure where it forbids all. Read once a client. */
  robots(url: string, signal: AbortSignal): Promise<Robots | FetchFailure>;
  /** The robots.txt files read so far, by origin, for a client of a later step. */
  knownRobots(): Record<string, string>;
}

/** Makes a client that knows the robots.txt files in `known`. */
export function siteClient(ports: SiteClientPorts, known: Readonly<Record<string, string>> = {}): SiteClient {
  const request: SendRequest = (url, limits, accept, restMs) => {
    const headers = { "user-agent": ports.userAgent, accept, "accept-language": "en,*;q=0.5" };
    const send = () => ports.get(url, { ...limits, headers, deadlineMs: ports.deadlineMs });
    return ports.turns.take(new URL(url).host, limits.signal, send, () => restMs);
  };
  const reader = robotsReader(request, known);

  async function fetch(first: string, kind: DocumentKind, signal: AbortSignal): Promise<Fetched> {
    const seen = new Set<string>();
    const isBodyWanted = (status: number, headers: ReadonlyMap<string, string>) =>
      !isRedirect(status) && kind.types.test(typeOf(headers));
    for (let url = first; ; ) {
      const failed = (reason: FetchFailure): Fetched => ({ outcome: "failed", failure: reason, url });
      if (seen.has(url) || seen.size > MAX_REDIRECTS) return failed(failure("too-many-redirects"));
      if (!/^https?:/.test(url)) return failed(failure("redirect-refused"));
      seen.add(url);
      const rules = await reader.robots(url, signal);
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

  return { fetch, robots: reader.robots, knownRobots: reader.known };
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
