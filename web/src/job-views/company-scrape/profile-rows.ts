import { safeHref } from "../safe-href.ts";
import type { CompanyProfile } from "./types.ts";

/** One value of a profile in words. */
export interface Row {
  text: string;
  /** A second line: a role, a place, a date. */
  note?: string | undefined;
  /** The value itself as a link. */
  href?: string | undefined;
  /** The URL that it came from. */
  source: string;
}

/** A part of a profile with at least one value. */
export interface Part {
  title: string;
  rows: readonly Row[];
}

/** True for an output that this view can show. Another version of the job type may give another shape. */
export function isProfile(output: unknown): output is CompanyProfile {
  return typeof output === "object" && output !== null && "stageErrors" in output && "technologies" in output;
}

/** Lists the parts of a profile that have values, in the order of the page. */
export function partsOf(profile: CompanyProfile): Part[] {
  const plain = (entries: readonly { value: string; source: string }[], hrefOf?: (value: string) => string): Row[] =>
    entries.map(({ value, source }) => ({ text: value, href: hrefOf?.(value), source }));
  const parts: Part[] = [
    { title: "Addresses", rows: profile.addresses.map(({ value, source }) => ({ text: value.text, source })) },
    { title: "E-mail", rows: plain(profile.emails, (email) => `mailto:${email}`) },
    { title: "Phone", rows: plain(profile.phones, (phone) => `tel:${phone}`) },
    {
      title: "Profiles",
      rows: profile.social.map(({ value, source }) => ({ text: value.network, href: safeHref(value.url), source })),
    },
    {
      title: "Offers",
      rows: profile.offers.map(({ value, source }) => ({ text: value.name, note: priceOf(value), source })),
    },
    { title: "Pricing pages", rows: plain(profile.pricingPages, (url) => safeHref(url) ?? "") },
    {
      title: "Technologies",
      rows: profile.technologies.map(({ value, source }) => ({
        text: [value.name, value.version].filter(Boolean).join(" "),
        note: value.category,
        source,
      })),
    },
    {
      title: "People",
      rows: profile.people.map(({ value, source }) => ({ text: value.name, note: value.role, source })),
    },
    {
      title: "Open positions",
      rows: profile.jobOpenings.map(({ value, source }) => ({
        text: value.title,
        note: value.location,
        href: safeHref(value.url),
        source,
      })),
    },
    {
      title: "News",
      rows: profile.news.map(({ value, source }) => ({
        text: value.title,
        note: value.publishedAt?.slice(0, 20),
        href: safeHref(value.url),
        source,
      })),
    },
    { title: "Figures", rows: figuresOf(profile) },
  ];
  return parts.filter(({ rows }) => rows.length > 0);
}

function priceOf({ price, currency, period }: CompanyProfile["offers"][number]["value"]): string {
  return `${price.toLocaleString()} ${currency}${period === undefined ? "" : ` a ${period}`}`;
}

function figuresOf({ financial }: CompanyProfile): Row[] {
  const named = [
    ["Revenue", financial?.revenue],
    ["Net income", financial?.netIncome],
    ["Employees", financial?.employees],
  ] as const;
  return named.flatMap(([label, figure]) => {
    if (!figure) return [];
    const { value, currency, form, accession, asOf } = figure.value;
    const amount = [value.toLocaleString(), currency].filter(Boolean).join(" ");
    return [{ text: `${label}: ${amount}`, note: `${asOf}, ${form} ${accession}`, source: figure.source }];
  });
}
