import { PermanentError, RetryableError } from "@baton/engine";
import { failure } from "../../../web-pages/fetch/fetch-failures.ts";
import { type FetchedDocument, PAGE, type SiteClient, XML } from "../../../web-pages/fetch/site-client.ts";
import { joinFacts } from "../facts.ts";
import type { Visit } from "../plan-visits.ts";
import { bestOfEach, pageKey, siteOf } from "../read/links.ts";
import type { Reading, SiteHints } from "../read/read-page.ts";
import { emptyReading, type StageReading } from "./stage-reading.ts";

/** Reads a document, in a process of its own: pages of strangers may cost much. */
export type ReadDocument = (document: FetchedDocument, hints: SiteHints, signal: AbortSignal) => Promise<Reading>;

/** A way to fetch and read the pages of one site. */
export interface Visitor {
  client: SiteClient;
  read: ReadDocument;
  /** Milliseconds of one stage, after which it visits no further page. */
  stageMs: number;
}

/** The outcome of a visit: a reading and the place of the document, or why there is none. */
export type Visited =
  | { url: string; reading: Reading }
  | { url: string; error: { code: string; message: string; isTemporary: boolean; retryAfterMs?: number } };

/** Fetches and reads one document. Rejects with the reason of `signal`, and when no turn of the host is to be had. */
export async function visitPage(
  { client, read }: Visitor,
  url: string,
  hints: SiteHints,
  signal: AbortSignal,
): Promise<Visited> {
  const fetched = await client.fetch(url, hints.kind === "feed" ? XML : PAGE, signal);
  if (fetched.outcome === "failed") return { url: fetched.url, error: fetched.failure };
  try {
    return { url: fetched.document.url, reading: await read(fetched.document, hints, signal) };
  } catch (error) {
    signal.throwIfAborted();
    // The limits of a compute function, or a page that its reader fails on: the other pages may be read nevertheless.
    return { url: fetched.document.url, error: failure("page-unreadable", nameOf(error)) };
  }
}

function nameOf(error: unknown): string {
  if (error instanceof PermanentError || error instanceof RetryableError) return error.code;
  return error instanceof Error ? error.name : "";
}

/**
 * Visits pages one after the other. The stage has failed when none of several could be read. `visited` are the pages of
 * the stages before: one that a redirect leads back to is not read again.
 */
export async function visitPages(
  visitor: Visitor,
  visits: readonly Visit[],
  hints: Omit<SiteHints, "kind">,
  visited: readonly string[],
  homeUrl: string,
  signal: AbortSignal,
): Promise<StageReading> {
  const total = emptyReading();
  const endsAt = Date.now() + visitor.stageMs;
  const known = new Set(visited.map(pageKey));
  for (const { url, kind } of visits) {
    if (known.has(pageKey(url))) continue;
    const isLate = Date.now() > endsAt;
    const found: Visited = isLate
      ? { url, error: failure("site-timeout", "the stage took too long") }
      : await visitPage(visitor, url, { ...hints, kind }, signal);
    total.visited.push(url, found.url);
    const isRead = pageKey(found.url) !== pageKey(url) && known.has(pageKey(found.url));
    known.add(pageKey(url)).add(pageKey(found.url));
    addTo(total, found, kind, homeUrl, isRead);
  }
  const failed = total.pages.filter(({ error }) => error !== undefined);
  const [first] = failed;
  return { ...total, ...(first?.error && failed.length === total.pages.length && { error: first.error }) };
}

function addTo(total: StageReading, found: Visited, kind: Visit["kind"], homeUrl: string, isRead: boolean): void {
  const { url } = found;
  if ("error" in found) {
    const { code, message } = found.error;
    total.pages.push({ url, kind, error: { code, message } });
  } else if (siteOf(url) !== siteOf(homeUrl)) {
    const { code, message } = failure("other-site");
    total.pages.push({ url, kind, error: { code, message } });
  } else if (!isRead) {
    total.pages.push({ url, kind });
    addReading(total, found.reading);
  }
}

/** Adds what was read of a document to what was read before it. */
export function addReading(total: Pick<StageReading, "facts" | "links" | "feeds">, reading: Reading): void {
  total.facts = joinFacts([total.facts, reading.facts]);
  total.links = bestOfEach([...total.links, ...reading.links]);
  total.feeds = [...new Set([...total.feeds, ...reading.feeds])].slice(0, 10);
}
