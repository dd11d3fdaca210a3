import { gunzipSync } from "node:zlib";
import type { Element } from "domhandler";
import { isTag } from "domhandler";
import { parseDocument } from "htmlparser2";
import { bestOfEach, normalUrl, type SiteLink, siteOf } from "../read/links.ts";
import { kindOf } from "../read/page-kinds.ts";
import { type SiteClient, XML } from "./site-client.ts";

/** Documents that are read, the indexes among them; a shop has hundreds, of products. */
const MAX_SITEMAPS = 3;
const MAX_URLS = 20_000;
const MAX_UNPACKED_BYTES = 8 * 2 ** 20;

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
  if (!url || !/^https?:$/.test(url.protocol) || siteOf(url.href) !== siteOf(homeUrl)) return [];
  const rated = kindOf("", url.pathname);
  // A path is a weaker sign than the text of a link.
  return rated ? [{ url: normalUrl(url.href), kind: rated.kind, score: rated.score / 2 }] : [];
}

/** Reads a sitemap or an index of sitemaps (https://www.sitemaps.org/protocol.html), also one in gzip or in plain text. */
export function readSitemap(body: Uint8Array): { pages: string[]; sitemaps: string[] } {
  const text = new TextDecoder().decode(unpacked(body));
  if (!text.includes("<"))
    return {
      pages: text
        .split(/\s+/)
        .filter((url) => /^https?:/.test(url))
        .slice(0, MAX_URLS),
      sitemaps: [],
    };
  const [pages, sitemaps]: [string[], string[]] = [[], []];
  for (const entry of elementsOf(text)) {
    if (entry.name !== "url" && entry.name !== "sitemap") continue;
    const location = entry.children.find((child) => isTag(child) && child.name === "loc");
    const [inner] = location && "children" in location ? location.children : [];
    if (inner && "data" in inner) (entry.name === "url" ? pages : sitemaps).push(inner.data.trim());
  }
  return { pages: pages.slice(0, MAX_URLS), sitemaps: sitemaps.slice(0, 100) };
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

function elementsOf(text: string): Element[] {
  const { children } = parseDocument(text, { xmlMode: true });
  return children.filter(isTag).flatMap((root) => root.children.filter(isTag));
}
