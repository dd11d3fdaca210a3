import { z } from "zod";

/** Where a fact was read: a public filing, or a place on a page; from the most to the least trusted. */
export const ORIGINS = ["filing", "json-ld", "microdata", "opengraph", "meta", "feed", "header", "text"] as const;
export type Origin = (typeof ORIGINS)[number];

/** A value with the URL of the document that it was read in, and where in it. */
export const sourced = <Value extends z.ZodType>(value: Value) =>
  z.object({ value, source: z.string(), from: z.enum(ORIGINS) });

const Text = z.string();

export const Address = z.object({
  /** The address on one line, as the source has it. */
  text: Text,
  street: Text.optional(),
  locality: Text.optional(),
  region: Text.optional(),
  postalCode: Text.optional(),
  /** ISO 3166-1 alpha-2 where it is known, else as the source has it. */
  country: Text.optional(),
});
export type Address = z.infer<typeof Address>;

const SocialProfile = z.object({ network: Text, url: Text });

export const Technology = z.object({ name: Text, category: Text, version: Text.optional() });
export type Technology = z.infer<typeof Technology>;

const Offer = z.object({
  name: Text,
  price: z.number().min(0),
  /** ISO 4217. */
  currency: Text,
  /** The period that one price covers: `month`, `year`. */
  period: Text.optional(),
});
export type Offer = z.infer<typeof Offer>;

const JobOpening = z.object({ title: Text, url: Text.optional(), location: Text.optional() });
const Person = z.object({ name: Text, role: Text.optional() });
/** `publishedAt` as the source has it; an ISO instant or date where it could be read as one. */
const NewsItem = z.object({ title: Text, url: Text.optional(), publishedAt: Text.optional() });
export const Ticker = z.object({ symbol: Text, exchange: Text.optional() });
export type Ticker = z.infer<typeof Ticker>;

/** The lists of a profile, which its pages fill. */
export const PROFILE_LISTS = {
  /** ISO 639. */
  languages: z.array(sourced(Text)),
  industries: z.array(sourced(Text)),
  addresses: z.array(sourced(Address)),
  emails: z.array(sourced(Text)),
  /** E.164. */
  phones: z.array(sourced(Text)),
  social: z.array(sourced(SocialProfile)),
  technologies: z.array(sourced(Technology)),
  pricingPages: z.array(sourced(Text)),
  offers: z.array(sourced(Offer)),
  careersPages: z.array(sourced(Text)),
  jobOpenings: z.array(sourced(JobOpening)),
  people: z.array(sourced(Person)),
  feeds: z.array(sourced(Text)),
  news: z.array(sourced(NewsItem)),
};

/** Everything that pages may say about a company, each value with its source. */
export const Facts = z.object({
  names: z.array(sourced(Text)),
  legalNames: z.array(sourced(Text)),
  descriptions: z.array(sourced(Text)),
  logos: z.array(sourced(Text)),
  ...PROFILE_LISTS,
  tickers: z.array(sourced(Ticker)),
});
export type Facts = z.infer<typeof Facts>;
export type FactField = keyof Facts;
/** A value of one field. */
export type FactValue<Field extends FactField> = Facts[Field][number]["value"];

/** Makes facts without any value. */
export function noFacts(): Facts {
  const fields = Object.keys(Facts.shape).map((field) => [field, []]);
  return Facts.parse(Object.fromEntries(fields));
}

/** Puts the facts of several documents together, in their order. */
export function joinFacts(all: readonly Facts[]): Facts {
  const fields = Object.keys(Facts.shape).map((field) => [field, all.flatMap((facts) => entriesOf(facts, field))]);
  return Facts.parse(Object.fromEntries(fields));
}

function entriesOf(facts: Facts, field: string): readonly unknown[] {
  return Object.entries(facts).find(([name]) => name === field)?.[1] ?? [];
}

/** Adds facts of one document; `source` is its URL. */
export interface Notes {
  readonly facts: Facts;
  add<Field extends FactField>(field: Field, value: FactValue<Field>, from: Origin): void;
}

/** The most values of one field that one document adds: a page of a million links is read, and not believed. */
const MAX_OF_A_FIELD = 60;

/** Takes notes of one document. */
export function notesOf(source: string): Notes {
  const facts = noFacts();
  return {
    facts,
    add(field, value, from) {
      const list: { value: unknown; source: string; from: Origin }[] = facts[field];
      if (list.length < MAX_OF_A_FIELD) list.push({ value, source, from });
    },
  };
}
