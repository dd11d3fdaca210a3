import { parseFeed } from "htmlparser2";
import { z } from "zod";
import type { Page } from "../../../web-pages/read/page.ts";
import { oneLine } from "../../../web-pages/read/page.ts";
import { type Facts, notesOf } from "../facts.ts";

const FEED_TYPES = /^application\/((rss|atom|rdf)\+xml|feed\+json)$|^text\/xml$/i;
const MAX_ITEMS = 30;

/** Lists the feeds that a page names, without those of comments. */
export function feedsOf({ $, resolve }: Page): string[] {
  const links = $('link[rel~="alternate" i][href]')
    .toArray()
    .filter((link) => FEED_TYPES.test(link.attribs.type ?? ""));
  const urls = links.flatMap((link) => resolve(link.attribs.href) ?? []);
  return [...new Set(urls)].filter((url) => !/comments?\/feed|\/comments|wp-json|oembed/i.test(url)).slice(0, 10);
}

const JsonFeed = z.object({
  version: z.string().startsWith("https://jsonfeed.org/"),
  items: z.array(
    z.object({ title: z.string().optional(), url: z.string().optional(), date_published: z.string().optional() }),
  ),
});

interface FeedItem {
  title?: string | undefined;
  link?: string | undefined;
  publishedAt?: string | undefined;
}

/** Reads a feed in RSS, Atom, RDF or JSON Feed as news; undefined for a document that is none. */
export function readFeed(text: string, url: string): Facts | undefined {
  const items = jsonItems(text) ?? xmlItems(text);
  if (!items) return undefined;
  const notes = notesOf(url);
  notes.add("feeds", url, "feed");
  for (const { title, link, publishedAt } of items.slice(0, MAX_ITEMS)) {
    const name = oneLine(title ?? "").slice(0, 300);
    const target = link === undefined ? undefined : URL.parse(link.trim(), url);
    const href = target && /^https?:$/.test(target.protocol) ? target.href : undefined;
    if (name !== "")
      notes.add("news", { title: name, ...(href && { url: href }), ...(publishedAt && { publishedAt }) }, "feed");
  }
  return notes.facts;
}

function jsonItems(text: string): FeedItem[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const feed = JsonFeed.safeParse(JSON.parse(text));
    return feed.data?.items.map(({ title, url, date_published }) => ({
      title,
      link: url,
      publishedAt: date_published,
    }));
  } catch {
    // Not JSON: no feed of this kind.
    return undefined;
  }
}

function xmlItems(text: string): FeedItem[] | undefined {
  const feed = parseFeed(text);
  return feed?.items.map(({ title, link, pubDate }) => ({
    title,
    link,
    publishedAt: pubDate && !Number.isNaN(pubDate.getTime()) ? pubDate.toISOString() : undefined,
  }));
}
