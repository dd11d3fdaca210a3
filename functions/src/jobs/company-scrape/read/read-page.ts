import type { FetchedDocument } from "../../../web-pages/fetch/site-client.ts";
import { decodeText } from "../../../web-pages/read/decode-text.ts";
import { type Page, parsePage } from "../../../web-pages/read/page.ts";
import { type Facts, notesOf } from "../facts.ts";
import { noteAddresses } from "./addresses.ts";
import { countryOf } from "./country.ts";
import { noteDescriptions, noteLogos } from "./descriptions.ts";
import { feedsOf, readFeed } from "./feeds.ts";
import { noteLanguages } from "./language.ts";
import { noteSocial, type SiteLink, siteLinks } from "./links.ts";
import { noteLegalNames, noteNames } from "./names.ts";
import { noteNews, noteTickers } from "./news.ts";
import { noteOffers } from "./offers.ts";
import { noteOpenings } from "./openings.ts";
import type { PageKind } from "./page-kinds.ts";
import { noteResponsible, noteTeam } from "./people.ts";
import { noteContacts } from "./phones.ts";
import { noteStructured } from "./structured-facts.ts";
import { noteTechnologies } from "./technologies.ts";

/** The facts about the site before a page of it is read. */
export interface SiteHints {
  /** The purpose of the visit: `home` is the site's first page. */
  kind: PageKind | "home" | "feed";
  /** The name of the company on the site's first page. */
  name?: string;
  /** ISO 3166-1 alpha-2: the country in which numbers are dialled. */
  country?: string;
}

/** The facts of one document. */
export interface Reading {
  facts: Facts;
  links: SiteLink[];
  feeds: string[];
  /** Documents that belong to the page: its frames. */
  frames: string[];
  /** Where the page sends its reader at once. */
  refreshUrl?: string;
  /** The country that the page's numbers were read by. */
  country?: string;
}

/**
 * Reads a page, or a feed, of a company's site. Pure: it fetches nothing. Every fact has the document's URL as its
 * source. Costs some seconds of processor time for the largest pages that are fetched.
 */
export function readPage({ url, body, headers }: FetchedDocument, hints: SiteHints): Reading {
  const text = decodeText(body, headers.get("content-type"));
  const feed = hints.kind === "feed" || !/<html|<body|<!doctype html/i.test(text) ? readFeed(text, url) : undefined;
  if (feed) return { facts: feed, links: [], feeds: [], frames: [] };
  const page = parsePage(text, url);
  const country = countryOf(page, hints.country);
  const refreshUrl = refreshOf(page);
  return {
    facts: factsOf(page, text, headers, hints, country),
    links: siteLinks(page),
    feeds: feedsOf(page),
    frames: page
      .$("frame[src]")
      .toArray()
      .slice(0, 5)
      .flatMap((frame) => page.resolve(frame.attribs.src) ?? []),
    ...(refreshUrl !== undefined && { refreshUrl }),
    ...(country && { country }),
  };
}

function factsOf(
  page: Page,
  html: string,
  headers: ReadonlyMap<string, string>,
  { kind, name: known }: SiteHints,
  country: ReturnType<typeof countryOf>,
): Facts {
  const notes = notesOf(page.url);
  noteStructured(page, notes, country);
  if (kind === "home") noteNames(page, notes);
  const name = known ?? notes.facts.names[0]?.value;
  noteLegalNames(page, notes, name, kind === "legal");
  if (kind === "home") noteDescriptions(page, notes);
  if (kind === "home") noteLogos(page, notes);
  noteLanguages(page, notes);
  noteContacts(page, notes, country ? [country] : ["US", "GB"]);
  noteAddresses(page, notes, country);
  noteSocial(page, notes);
  noteTechnologies(page, html, headers, notes);
  noteTickers(page, notes, name, kind === "investors");
  if (kind === "team" || kind === "about") noteTeam(page, notes);
  if (kind === "legal" || kind === "about" || kind === "contact") noteResponsible(page, notes);
  if (kind === "careers") {
    notes.add("careersPages", page.url, "text");
    noteOpenings(page, notes);
  }
  if (kind === "news") noteNews(page, notes);
  if (kind === "pricing") {
    notes.add("pricingPages", page.url, "text");
    noteOffers(page, notes);
  }
  return notes.facts;
}

/** Reads `<meta http-equiv="refresh">` of at most five seconds; a longer one is a page to be read. */
function refreshOf(page: Page): string | undefined {
  const [, seconds, target] =
    /^\s*(\d+)\s*;\s*url\s*=\s*["']?([^"']+)/i.exec(page.attribute('meta[http-equiv="refresh" i]', "content") ?? "") ??
    [];
  return seconds !== undefined && Number(seconds) <= 5 ? page.resolve(target) : undefined;
}
