import { PermanentError, RetryAfterError, RetryableError } from "@baton/engine";
import { bestOfEach, pageKey, siteOf } from "../read/links.ts";
import type { Reading } from "../read/read-page.ts";
import { sitemapLinks } from "./sitemaps.ts";
import { emptyReading, type SiteReading } from "./stage-reading.ts";
import { addReading, type Visited, type Visitor, visitPage } from "./visit-pages.ts";

/** Fewer kinds of pages than these among the links of the first page: the sitemaps may name more. */
const ENOUGH_KINDS = 3;
/** Pages that the first one refreshes to, one after the other. */
const MAX_REFRESHES = 2;

/**
 * Finds the site: its first page, with frames, the root of its host when the URL is of a page below it, and the links
 * to the others. Fetches `maxPages` pages at most. Throws a `PermanentError`, a `RetryableError` or a `RetryAfterError`
 * with the code of the failure when the first page cannot be read.
 */
export async function visitSite(
  visitor: Visitor,
  given: string,
  maxPages: number,
  now: Date,
  signal: AbortSignal,
): Promise<SiteReading> {
  const total = emptyReading();
  const visit = async (url: string): Promise<Visited> => {
    const found = await visitPage(visitor, url, { kind: "home" }, signal);
    total.visited.push(url, found.url);
    const error = "error" in found ? { error: { code: found.error.code, message: found.error.message } } : {};
    total.pages.push({ url: found.url, kind: "home", ...error });
    return found;
  };
  const home = await firstPage(visit, given, maxPages);
  const rootUrl = new URL("/", home.url).href;
  if (isDeep(home.url) && total.pages.length < maxPages) {
    const root = await visit(rootUrl);
    if ("reading" in root && siteOf(root.url) === siteOf(home.url)) addReading(total, root.reading);
  }
  addReading(total, home.reading);
  for (const frame of home.reading.frames) {
    if (total.pages.length >= maxPages || siteOf(frame) !== siteOf(home.url)) break;
    if (total.visited.some((url) => pageKey(url) === pageKey(frame))) continue;
    const found = await visit(frame);
    if ("reading" in found) addReading(total, found.reading);
  }
  const kinds = new Set(total.links.map(({ kind }) => kind));
  if (kinds.size < ENOUGH_KINDS && total.pages.length < maxPages) {
    total.links = bestOfEach([...total.links, ...(await sitemapLinks(visitor.client, home.url, signal))]);
  }
  const [name] = total.facts.names;
  const { country } = home.reading;
  return {
    ...total,
    homeUrl: home.url,
    fetchedAt: now.toISOString(),
    robots: visitor.client.knownRobots(),
    ...(name && { name: name.value }),
    ...(country && { country }),
  };
}

/** Visits the first address that has a page, and the page that it refreshes to. */
async function firstPage(
  visit: (url: string) => Promise<Visited>,
  given: string,
  maxPages: number,
): Promise<{ url: string; reading: Reading }> {
  let found = await visit(addressesOf(given)[0] ?? given);
  for (const address of addressesOf(given).slice(1)) {
    if ("error" in found && isWorthAnother(found.error.code, address)) found = await visit(address);
  }
  for (let refreshes = 0; refreshes < Math.min(MAX_REFRESHES, maxPages - 1); refreshes++) {
    const target: string | undefined = "reading" in found ? found.reading.refreshUrl : undefined;
    if (target === undefined || pageKey(target) === pageKey(found.url)) break;
    found = await visit(target);
  }
  if ("error" in found) throw errorOf(found.error);
  return found;
}

/** People type names of hosts: the address is then one with https, one with `www.`, or one with http. */
function addressesOf(given: string): string[] {
  if (/^https?:\/\//i.test(given)) return [new URL(given).href];
  return [`https://${given}`, `https://www.${given}`, `http://${given}`].flatMap((text) => URL.parse(text)?.href ?? []);
}

/** Another address may help where the name, the certificate or the port is the matter. */
function isWorthAnother(code: string, address: string): boolean {
  if (address.startsWith("https://www.")) return code === "dns-failed" && !address.startsWith("https://www.www.");
  return ["dns-failed", "tls-failed", "site-unreachable", "site-timeout"].includes(code);
}

function errorOf({ code, message, isTemporary, retryAfterMs }: Extract<Visited, { error: unknown }>["error"]): Error {
  if (!isTemporary) return new PermanentError(code, message);
  if (retryAfterMs !== undefined) return new RetryAfterError(code, message, { afterMs: retryAfterMs });
  return new RetryableError(code, message);
}

/** True for a page below the first one; `/en/` is the first page of a language. */
function isDeep(url: string): boolean {
  return !/^\/(?:[a-z]{2}(?:[-_][a-z]{2})?\/?)?(?:index\.\w{2,5})?$/i.test(new URL(url).pathname);
}
