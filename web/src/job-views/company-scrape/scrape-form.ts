import type { BatonError, SubmitOptions } from "@baton/client";
import { storableText } from "@baton/protocol";
import { webhookUrlFault } from "../webhook-url.ts";
import type { CompanyScrapeRequest, Stage } from "./types.ts";

/** Values of the form's fields. */
export interface ScrapeForm {
  url: string;
  stages: Stage[];
  /** Text while the number field is empty. */
  maxPages: number | string;
  freshness: "any" | "7d" | "none";
  webhookUrl: string;
}

/** The stages, in the order of the job. */
export const STAGES: readonly { name: Stage; label: string; description: string }[] = [
  { name: "overview", label: "Overview", description: "Name, description, logo, prices" },
  { name: "contacts", label: "Contacts", description: "Addresses, e-mails, phones, profiles" },
  { name: "technology", label: "Technology", description: "What the site is made with" },
  { name: "financial", label: "Financial", description: "Figures of companies listed in the US" },
  { name: "people", label: "People", description: "Team and open positions" },
  { name: "news", label: "News", description: "Feeds and the latest entries" },
];

/** How old a profile of an earlier job may be. */
export const FRESHNESS = [
  { value: "7d", label: "A week old at most" },
  { value: "any", label: "Of any age" },
  { value: "none", label: "Read the site again" },
] as const;

/** Most pages of a scrape, as in the input schema. */
export const MAX_PAGES = 50;
const DEFAULT_PAGES = 12;

/** Values of a new form. */
export const EMPTY_FORM: ScrapeForm = {
  url: "",
  stages: STAGES.map(({ name }) => name),
  maxPages: DEFAULT_PAGES,
  freshness: "7d",
  webhookUrl: "",
};

/** Gives the mistakes that prevent sending, by field. The API checks the rest. */
export function validate(form: ScrapeForm): Partial<Record<keyof ScrapeForm, string>> {
  if (form.url.trim() === "") return { url: "Give the address of a company's site." };
  if (form.stages.length === 0) return { stages: "Choose at least one." };
  const webhookUrl = webhookUrlFault(form.webhookUrl);
  return webhookUrl === undefined ? {} : { webhookUrl };
}

/** Makes the input of the job. */
export function requestOf({ url, stages, maxPages, freshness }: ScrapeForm): CompanyScrapeRequest {
  const chosen = STAGES.map(({ name }) => name).filter((name) => stages.includes(name));
  return { url: url.trim(), stages: chosen, maxPages: Number(maxPages) || DEFAULT_PAGES, freshness };
}

/** Gives the options of the submission: the title, and the webhook where the form has one. */
export function optionsOf(form: ScrapeForm): SubmitOptions {
  const title = storableText(form.url.trim().replace(/^https?:\/\/(www\.)?|\/$/gi, ""), 200);
  const webhookUrl = form.webhookUrl.trim();
  return { metadata: { title }, ...(webhookUrl && { webhookUrl }) };
}

const FIELD_AT: readonly [pointer: string, field: keyof ScrapeForm][] = [
  ["/input/url", "url"],
  ["/input/stages", "stages"],
  ["/input/maxPages", "maxPages"],
  ["/webhookUrl", "webhookUrl"],
];

/** Gives the mistakes that the API found, by field, from the JSON pointers of its problem. */
export function formErrorsOf(error: BatonError): Partial<Record<keyof ScrapeForm, string>> {
  const found = error.errors.flatMap(({ pointer, message }) => {
    const [, field] = FIELD_AT.find(([start]) => pointer.startsWith(start)) ?? [];
    return field ? [[field, message]] : [];
  });
  return Object.fromEntries(found.toReversed());
}
