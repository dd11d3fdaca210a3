import { getDomain } from "tldts";
import { type Page, textOf } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";
import { kindOf, type PageKind } from "./page-kinds.ts";
import { socialProfileOf } from "./social.ts";

/** A page of the site that is worth a visit. */
export interface SiteLink {
  url: string;
  kind: PageKind;
  /** How sure the kind is; higher is surer. */
  score: number;
}

/** Links of one page that are looked at, and those of each kind that are kept. */
const MAX_LINKS = 20_000;
const MAX_OF_A_KIND = 5;

/** Names the site that a URL belongs to: the registrable domain, else the host with its port (addresses, local names). */
export function siteOf(url: string): string {
  const domain = getDomain(url, { allowPrivateDomains: true });
  const { hostname, host } = new URL(url);
  return domain ?? (hostname === "" ? url : host);
}

/** Lists the pages of the same site that this one links to and that tell their kind, the surest of each kind first. */
export function siteLinks(page: Page): SiteLink[] {
  const { $, resolve } = page;
  const site = siteOf(page.url);
  const home = localeOf(page.url);
  const found = new Map<string, SiteLink>();
  for (const link of $("a[href], area[href]").toArray().slice(0, MAX_LINKS)) {
    const href = link.attribs.href ?? "";
    const url = href.startsWith("#") ? undefined : resolve(href);
    if (url === undefined || siteOf(url) !== site || isFile(url)) continue;
    const clean = normalUrl(url);
    const label = textOf(link) || (link.attribs["aria-label"] ?? link.attribs.title ?? "");
    const rated = kindOf(label, new URL(clean).pathname);
    if (!rated || clean === normalUrl(page.url) || /\/amp\/?$/.test(clean)) continue;
    const score = rated.score + (localeOf(clean) === home ? 0.1 : 0) - clean.length / 2000;
    const known = found.get(clean);
    if (!known || known.score < score) found.set(clean, { url: clean, kind: rated.kind, score });
  }
  return bestOfEach([...found.values()]);
}

/** Keeps the surest links of each kind. */
export function bestOfEach(links: readonly SiteLink[]): SiteLink[] {
  const kept = new Map<PageKind, number>();
  return links
    .toSorted((one, other) => other.score - one.score)
    .filter(({ kind }) => {
      const count = (kept.get(kind) ?? 0) + 1;
      kept.set(kind, count);
      return count <= MAX_OF_A_KIND;
    });
}

const TRACKING = /^(utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|ref|hsLang|_ga|yclid)$/i;

/** Writes a URL as one page has it: without fragment, tracking parameters and a default document. */
export function normalUrl(href: string): string {
  const url = new URL(href);
  url.hash = "";
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  url.pathname = url.pathname.replace(/\/index\.(html?|php)$/i, "/");
  return url.href;
}

/** Names what two URLs have in common when they show the same page: not the scheme, `www.` or a slash at the end. */
export function pageKey(href: string): string {
  const { host, pathname, search } = new URL(normalUrl(href));
  return `${host.replace(/^www\./, "")}${pathname.replace(/\/$/, "")}${search}`;
}

function localeOf(href: string): string {
  return /^\/([a-z]{2}(?:[-_][a-z]{2})?)(?:\/|$)/i.exec(new URL(href).pathname)?.[1]?.toLowerCase() ?? "";
}

function isFile(url: string): boolean {
  return /\.(pdf|zip|docx?|xlsx?|pptx?|jpe?g|png|gif|svg|webp|mp[34]|avi|mov|exe|dmg|apk|ics|vcf|css|js|json|xml|rss)$/i.test(
    new URL(url).pathname,
  );
}

/** Notes the profiles on social networks that a page links to. */
export function noteSocial({ $, resolve }: Page, notes: Notes): void {
  const seen = new Set<string>();
  for (const link of $("a[href]").toArray().slice(0, MAX_LINKS)) {
    const profile = socialProfileOf(resolve(link.attribs.href));
    if (!profile || seen.has(profile.url)) continue;
    seen.add(profile.url);
    notes.add("social", profile, "text");
  }
}
