import type { CompanyProfile } from "../../../functions/src/jobs/company-scrape/schemas.ts";
import type { Truth } from "./made-site.ts";

/** How many values of a field were found, of those that are true; and how many others were found. */
export interface Score {
  hits: number;
  misses: number;
  extras: number;
}

/** A field with a value that was missed, or that is not true. */
export interface Miss {
  field: keyof Truth;
  missed: readonly string[];
  extra: readonly string[];
}

const FIELDS: readonly (keyof Truth)[] = [
  ...([
    "name",
    "legalName",
    "description",
    "logo",
    "languages",
    "industries",
    "addresses",
    "emails",
    "phones",
  ] as const),
  ...([
    "social",
    "technologies",
    "pricingPages",
    "offers",
    "jobOpenings",
    "people",
    "feeds",
    "news",
    "ticker",
  ] as const),
];

/** Compares a profile with the truth, field by field. URLs of the site itself are compared by their paths. */
export function compare(truth: Truth, profile: CompanyProfile): { field: keyof Truth; score: Score; miss: Miss }[] {
  return FIELDS.map((field) => {
    const wanted = new Set([truth[field] ?? []].flat().map(plain));
    const found = new Set(
      foundIn(profile, field).map((value) => plain(value.replace(new URL(profile.url).origin, ""))),
    );
    const missed = [...wanted].filter((value) => !found.has(value));
    const extra = [...found].filter((value) => !wanted.has(value));
    const score = { hits: wanted.size - missed.length, misses: missed.length, extras: extra.length };
    return { field, score, miss: { field, missed, extra } };
  });
}

function plain(value: string): string {
  return value.replaceAll(/\s+/g, " ").trim().toLowerCase();
}

function foundIn(profile: CompanyProfile, field: keyof Truth): string[] {
  const { ticker } = profile;
  switch (field) {
    case "name":
    case "legalName":
    case "description":
    case "logo":
      return [profile[field]?.value ?? []].flat();
    case "ticker":
      return ticker ? [[ticker.value.exchange, ticker.value.symbol].filter(Boolean).join(":")] : [];
    case "addresses":
      return profile.addresses.map(({ value }) => value.postalCode ?? value.locality ?? value.text);
    case "social":
      return profile.social.map(({ value }) => value.url);
    case "technologies":
    case "people":
      return profile[field].map(({ value }) => value.name);
    case "offers":
      return profile.offers.map(({ value }) => `${value.name} ${value.price} ${value.currency}`);
    case "jobOpenings":
    case "news":
      return profile[field].map(({ value }) => value.title);
    default:
      return profile[field].map(({ value }) => value);
  }
}

/** Adds scores up. */
export function sumOf(scores: readonly Score[]): Score {
  const sum = (name: keyof Score) => scores.reduce((total, score) => total + score[name], 0);
  return { hits: sum("hits"), misses: sum("misses"), extras: sum("extras") };
}

/** Share of what was found that is true; 1 when nothing was found. */
export function precisionOf({ hits, extras }: Score): number {
  return hits + extras === 0 ? 1 : hits / (hits + extras);
}

/** Share of what is true that was found; 1 when there is nothing to find. */
export function recallOf({ hits, misses }: Score): number {
  return hits + misses === 0 ? 1 : hits / (hits + misses);
}
