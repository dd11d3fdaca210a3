import type { PageKind } from "./read/page-kinds.ts";

/** The stages of a scrape, in their order. */
export const STAGES = ["overview", "contacts", "technology", "financial", "people", "news"] as const;
export type Stage = (typeof STAGES)[number];

/** Puts the stages of an input into the order in which they run. */
export function stagesOf(input: { stages: readonly Stage[] }): Stage[] {
  return STAGES.filter((stage) => input.stages.includes(stage));
}

/** How far a job is once a stage is done. */
export const STAGE_PROGRESS: Readonly<Record<Stage, number>> = {
  overview: 0.15,
  contacts: 0.3,
  technology: 0.45,
  financial: 0.6,
  people: 0.75,
  news: 0.9,
};

/**
 * The pages that stages visit, the most telling first: with few pages, an earlier line gets its page before a later
 * one. The technologies show on whatever pages are visited.
 */
export const VISITS: readonly { stage: Stage; kind: PageKind | "feed" }[] = [
  { stage: "contacts", kind: "contact" },
  { stage: "overview", kind: "about" },
  { stage: "contacts", kind: "legal" },
  { stage: "news", kind: "feed" },
  { stage: "overview", kind: "pricing" },
  { stage: "people", kind: "careers" },
  { stage: "people", kind: "team" },
  { stage: "financial", kind: "investors" },
  { stage: "news", kind: "news" },
  { stage: "contacts", kind: "terms" },
  { stage: "contacts", kind: "contact" },
  { stage: "overview", kind: "about" },
  { stage: "people", kind: "careers" },
];
