import { z } from "zod";
import { Facts, joinFacts, noFacts } from "../facts.ts";
import { bestOfEach } from "../read/links.ts";
import { PAGE_KINDS } from "../read/page-kinds.ts";
import { Financial, VisitedPage } from "../schemas.ts";

const Link = z.object({ url: z.string(), kind: z.enum(PAGE_KINDS), score: z.number() });

/** The findings of a stage: the output of its step. */
export const StageReading = z.object({
  facts: Facts,
  links: z.array(Link),
  feeds: z.array(z.string()),
  pages: z.array(VisitedPage),
  /** URLs that were asked for, and where documents were found. */
  visited: z.array(z.string()),
  /** Why the stage failed; what it found until then is kept. */
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  financial: Financial.optional(),
});
export type StageReading = z.infer<typeof StageReading>;

/** The findings of the first step: the site itself. */
export const SiteReading = StageReading.extend({
  /** The site's first page, where it was found at last. */
  homeUrl: z.string(),
  fetchedAt: z.string(),
  /** Texts of the robots.txt files that were read, by origin. */
  robots: z.record(z.string(), z.string()),
  name: z.string().optional(),
  country: z.string().optional(),
});
export type SiteReading = z.infer<typeof SiteReading>;

/** Makes a reading without anything. */
export function emptyReading(): StageReading {
  return { facts: noFacts(), links: [], feeds: [], pages: [], visited: [] };
}

/** Puts two readings together. What either failed with, or found in filings, is the caller's to say. */
export function joinReadings(one: StageReading, other: StageReading): StageReading {
  return {
    facts: joinFacts([one.facts, other.facts]),
    links: bestOfEach([...one.links, ...other.links]),
    feeds: [...new Set([...one.feeds, ...other.feeds])].slice(0, 10),
    pages: [...one.pages, ...other.pages],
    visited: [...one.visited, ...other.visited],
  };
}
