import { z } from "zod";
import { PROFILE_LISTS, sourced, Ticker } from "./facts.ts";
import { STAGES } from "./stages.ts";

/** A host name with a dot in it, as people type it: `example.com`, `www.example.com/en`. */
const BARE = /^(?!-)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(:\d{1,5})?([/?#].*)?$/u;

/** Answers what is wrong with the URL of a site; undefined for one that can be tried. */
function faultOf(text: string): string | undefined {
  if (/[\p{Cc}\p{Bidi_Control}\u200b-\u200f\ufeff]/u.test(text)) return "has control characters";
  if (/\s/.test(text)) return "has white space in it";
  if (text.includes("\\")) return "has a backslash in it";
  if (!/^https?:\/\//i.test(text) && !BARE.test(text)) return "is not an http or https URL, nor the name of a host";
  const url = parsed(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || url.hostname === "") return "is not a URL";
  if (url.username !== "" || url.password !== "") return "has a user name or a password";
  return undefined;
}

/** Parses a URL without `URL.parse`: the console's check of types for older browsers reads this file. */
function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // The text is no URL: the caller says so.
    return undefined;
  }
}

/** The URL of a company's site. Without a scheme, https is tried before http. */
const SiteUrl = z
  .string()
  .max(2048)
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    const fault = text === "" ? "is empty" : faultOf(text);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  });

/** Input of job type `company.scrape`. */
export const CompanyScrapeInput = z.strictObject({
  url: SiteUrl,
  /** The stages to run; every one when absent. */
  stages: z
    .array(z.enum(STAGES))
    .min(1)
    .max(STAGES.length)
    .refine((stages) => new Set(stages).size === stages.length, "names a stage twice")
    .default([...STAGES]),
  /** The most pages that are fetched, the first one and feeds among them. robots.txt and sitemaps do not count. */
  maxPages: z.int().min(1).max(50).default(12),
  /**
   * How old a profile of an earlier job may be: of any age that is kept (30 days), 7 days, or none, which reads the
   * site again.
   */
  freshness: z.enum(["any", "7d", "none"]).default("7d"),
});
export type CompanyScrapeInput = z.infer<typeof CompanyScrapeInput>;

const Figure = sourced(
  z.object({
    value: z.number(),
    /** ISO 4217; absent for a count. */
    currency: z.string().optional(),
    /** End of the period, or the day of the count. */
    asOf: z.string(),
    fiscalYear: z.int().optional(),
    /** Accession number of the filing that has the figure. */
    accession: z.string(),
    /** Form of the filing: `10-K`. */
    form: z.string(),
  }),
);
export type Figure = z.infer<typeof Figure>;

/** Figures of a company's last fiscal year, from SEC EDGAR. */
export const Financial = z.object({
  /** Central Index Key, of ten digits. */
  cik: z.string(),
  companyName: z.string(),
  fiscalYear: z.int().optional(),
  revenue: Figure.optional(),
  netIncome: Figure.optional(),
  employees: Figure.optional(),
});
export type Financial = z.infer<typeof Financial>;

const Text = z.string();
const Failure = z.object({ code: Text, message: Text });

/** A document that was asked for. */
export const VisitedPage = z.object({
  url: Text,
  /** The purpose of the visit: `home`, `contact`, ... */
  kind: Text,
  /** Why it could not be read. */
  error: Failure.optional(),
});
export type VisitedPage = z.infer<typeof VisitedPage>;

/** Output of job type `company.scrape`. Each value has the URL it came from; what was not found is absent or empty. */
export const CompanyProfile = z.object({
  /** The site's first page, where it was found at last. */
  url: Text,
  /** The registrable domain of the site, by which profiles are kept. */
  domain: Text,
  fetchedAt: z.iso.datetime(),
  /** True for the profile of an earlier job. */
  isFromCache: z.boolean(),
  stages: z.array(z.enum(STAGES)),
  /** Stages that failed. What the others found is there. */
  stageErrors: z.array(Failure.extend({ stage: z.enum(STAGES) })),
  pages: z.array(VisitedPage),
  name: sourced(Text).optional(),
  legalName: sourced(Text).optional(),
  description: sourced(Text).optional(),
  logo: sourced(Text).optional(),
  ...PROFILE_LISTS,
  ticker: sourced(Ticker).optional(),
  financial: Financial.optional(),
});
export type CompanyProfile = z.infer<typeof CompanyProfile>;
