import { gunzipSync } from "node:zlib";
import { type SiteClient, XML } from "../../../web-pages/fetch/site-client.ts";
import { bestOfEach, normalUrl, type SiteLink, siteOf } from "../read/links.ts";
import { kindOf } from "../read/page-kinds.ts";

/** Documents that are read, the indexes among them; a shop has hundreds, of products. */
const MAX_SITEMAPS = 3;
const MAX_URLS = 20_000;
const MAX_UNPACKED_BYTES = 8 * 2 ** 20;
/** A page about the company has a short path; long ones are of products, and cost time to rate. */
const MAX_PATH_CHARACTERS = 200;

/** Finds pages of the site in its sitemaps: those of robots.txt, else `/sitemap.xml`. None where they fail. */
export async function sitemapLinks(client: SiteClient, homeUrl: string, signal: AbortSignal): Promise<SiteLink[]> {
  const robots = await client.robots(homeUrl, signal);
  const named = "code" in robots ? [] : robots.sitemaps;
  const waiting = named.length > 0 ? [...named] : [new URL("/sitemap.xml", homeUrl).href];
  const seen = new Set<string>();
  const links: SiteLink[] = [];
  for (let next = waiting.shift(); next && seen.size < MAX_SITEMAPS; next = waiting.shift()) {
    if (seen.has(next) || !URL.canParse(next)) continue;
    seen.add(next);
    const fetched = await client.fetch(next, XML, signal);
    if (fetched.outcome === "failed") continue;
    const { pages, sitemaps } = readSitemap(fetched.document.body);
    links.push(...pages.flatMap((url) => linkTo(url, homeUrl)));
    // Of an index, the map of the pages comes before those of posts and products.
    waiting.unshift(...sitemaps.toSorted((one, other) => Number(/page/i.test(other)) - Number(/page/i.test(one))));
  }
  return bestOfEach(links);
}

function linkTo(href: string, homeUrl: string): SiteLink[] {
  const url = URL.parse(href, homeUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname.length > MAX_PATH_CHARACTERS) return [];
  if (siteOf(url.href) !== siteOf(homeUrl)) return [];
  const rated = kindOf("", url.pathname);
  // A path is a weaker sign than the text of a link.
  return rated ? [{ url: normalUrl(url.href), kind: rated.kind, score: rated.score / 2 }] : [];
}

/*
 * Blanks are bounded, and stand in one place only: a pattern that may divide a long run of them in several ways takes
 * quadratic time.
 */
const PLAIN_URL = /^[ \t]{0,40}(https?:\S{1,2048})/gm;
const LOCATION = /<(?:\w{1,20}:)?loc>\s{0,40}(?:<!\[CDATA\[\s{0,40})?([^<\s\]]{1,2048})/g;

/**
 * Reads a sitemap or an index of sitemaps (https://www.sitemaps.org/protocol.html), also one in gzip or in plain text.
 * By its locations alone: whatever stands in its place is read in linear time.
 */
export function readSitemap(body: Uint8Array): { pages: string[]; sitemaps: string[] } {
  const text = new TextDecoder().decode(unpacked(body));
  const found: string[] = [];
  for (const [, url = ""] of text.matchAll(text.includes("<") ? LOCATION : PLAIN_URL)) {
    found.push(url.replaceAll("&amp;", "&"));
    if (found.length === MAX_URLS) break;
  }
  return /<(?:\w+:)?sitemapindex[\s>]/.test(text.slice(0, 5000))
    ? { pages: [], sitemaps: found.slice(0, 100) }
    : { pages: found, sitemaps: [] };
}

function unpacked(body: Uint8Array): Uint8Array {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    // Damaged, or a bomb: no sitemap.
    return new Uint8Array();
  }
}
