import { type FactField, type Facts, ORIGINS } from "../facts.ts";
import { isLikeName, legalNamesIn, letters } from "../read/legal-name.ts";
import { siteOf } from "../read/links.ts";
import { CompanyProfile } from "../schemas.ts";
import type { Stage } from "../stages.ts";

/** The parts of a profile that come from the pages of a site. */
export type SiteProfile = Omit<
  CompanyProfile,
  "url" | "domain" | "fetchedAt" | "isFromCache" | "stages" | "stageErrors" | "pages" | "financial"
>;

/** The stage that each part of a profile belongs to. The names belong to every one: they say whose profile it is. */
const STAGE_OF: Readonly<Partial<Record<keyof CompanyProfile, Stage>>> = {
  description: "overview",
  logo: "overview",
  languages: "overview",
  industries: "overview",
  pricingPages: "overview",
  offers: "overview",
  addresses: "contacts",
  emails: "contacts",
  phones: "contacts",
  social: "contacts",
  technologies: "technology",
  ticker: "financial",
  financial: "financial",
  careersPages: "people",
  jobOpenings: "people",
  people: "people",
  feeds: "news",
  news: "news",
};

/** Gives a profile with the parts of `stages` only. */
export function withinStages(profile: CompanyProfile, stages: readonly Stage[]): CompanyProfile {
  const isWanted = ({ stage }: { stage: Stage }) => stages.includes(stage);
  const parts = Object.entries(STAGE_OF).filter(([, stage]) => !stages.includes(stage));
  const dropped = parts.map(([part]) => [
    part,
    Array.isArray(Object.entries(profile).find(([name]) => name === part)?.[1]) ? [] : undefined,
  ]);
  const kept = {
    ...profile,
    ...Object.fromEntries(dropped),
    stages,
    stageErrors: profile.stageErrors.filter(isWanted),
  };
  return CompanyProfile.parse(kept);
}

/** The most entries of a list in a profile: with all lists full it stays far below what a job may store. */
const MAX_OF: Readonly<Partial<Record<FactField, number>>> = { technologies: 100, jobOpenings: 100, people: 100 };
const USUAL_MAX = 40;

/** Puts facts together to a profile: of several values the one of the most trusted origin, of equal ones one. */
export function buildProfile(facts: Facts, siteUrl: string): SiteProfile {
  const name = byTrust(facts.names)[0];
  const list = <Entry extends Sourced>(field: FactField, entries: readonly Entry[], keyOf: (entry: Entry) => string) =>
    distinct(byTrust(entries), keyOf).slice(0, MAX_OF[field] ?? USUAL_MAX);
  const texts = (field: FactField, entries: Facts["names"]) => list(field, entries, ({ value }) => value.toLowerCase());
  return {
    ...optional("name", name),
    ...optional("legalName", legalNameOf(facts.legalNames, name?.value)),
    ...optional("description", byTrust(facts.descriptions)[0]),
    ...optional("logo", byTrust(facts.logos)[0]),
    ...optional("ticker", tickerOf(facts.tickers)),
    languages: texts("languages", facts.languages),
    industries: texts("industries", facts.industries),
    addresses: list("addresses", facts.addresses, ({ value }) => letters(value.postalCode ?? value.text)),
    emails: ownFirst(texts("emails", facts.emails), siteUrl),
    phones: texts("phones", facts.phones),
    social: list("social", facts.social, ({ value }) =>
      value.url.toLowerCase().replace(/^https?:\/\/(www\.)?|\/$/g, ""),
    ),
    technologies: list("technologies", facts.technologies, ({ value }) => value.name),
    pricingPages: texts("pricingPages", facts.pricingPages),
    offers: list("offers", facts.offers, ({ value }) => `${letters(value.name)} ${value.price} ${value.currency}`),
    careersPages: texts("careersPages", facts.careersPages),
    jobOpenings: list("jobOpenings", facts.jobOpenings, ({ value }) => letters(value.title)),
    people: list("people", facts.people, ({ value }) => letters(value.name)),
    feeds: texts("feeds", facts.feeds),
    news: list("news", facts.news, ({ value }) => letters(value.title)),
  };
}

interface Sourced {
  value: unknown;
  from: (typeof ORIGINS)[number];
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value };
function optional(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value };
}

function byTrust<Entry extends Sourced>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((one, other) => ORIGINS.indexOf(one.from) - ORIGINS.indexOf(other.from));
}

function distinct<Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => string): Entry[] {
  const known = new Map<string, Entry>();
  for (const entry of entries) if (!known.has(keyOf(entry))) known.set(keyOf(entry), entry);
  return [...known.values()];
}

/** Chooses among the names of the most trusted origin the one that pages name most often, and that is like `name`. */
function legalNameOf(entries: Facts["legalNames"], name: string | undefined): Facts["legalNames"][number] | undefined {
  const sorted = byTrust(entries);
  const trusted = sorted.filter(({ from }) => from === sorted[0]?.from);
  const weightOf = ({ value }: Facts["legalNames"][number]) =>
    trusted.filter((other) => other.value === value).length +
    (name !== undefined && isLikeName(value, name) ? 100 : 0) +
    (legalNamesIn(value).length > 0 ? 1 : 0);
  return trusted.toSorted((one, other) => weightOf(other) - weightOf(one))[0];
}

function tickerOf(entries: Facts["tickers"]): Facts["tickers"][number] | undefined {
  const sorted = byTrust(entries);
  const count = (symbol: string) => sorted.filter(({ value }) => value.symbol === symbol).length;
  return sorted
    .filter(({ from }) => from === sorted[0]?.from)
    .toSorted((one, other) => count(other.value.symbol) - count(one.value.symbol))[0];
}

function ownFirst(emails: Facts["emails"], siteUrl: string): Facts["emails"] {
  const isOwn = ({ value }: { value: string }) => Number(siteOf(`https://${value.split("@")[1]}/`) === siteOf(siteUrl));
  return emails.toSorted((one, other) => isOwn(other) - isOwn(one));
}
