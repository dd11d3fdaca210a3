import robotsParser from "robots-parser";
import { ROBOT_NAME } from "../robot.ts";

/** The rules of a robots.txt for this robot. */
export interface Robots {
  isAllowed(url: string): boolean;
  /** Time between two requests. */
  crawlDelayMs: number;
  sitemaps: readonly string[];
}

/** Bytes of a robots.txt that are read (RFC 9309, section 2.5). */
export const MAX_ROBOTS_BYTES = 500 * 1024;
/** Without a word of the site: a page a second at most is no more than a hasty reader. */
const USUAL_DELAY_MS = 250;
/** A site that asks for more is read no faster than this, and fewer of its pages fit into a stage. */
const MAX_DELAY_MS = 30_000;

/**
 * Wildcards of a whole robots.txt. Each costs time for each URL, and the largest files of real sites have some thousand;
 * one with more forbids everything.
 */
const MAX_WILDCARDS = 10_000;
const FORBIDDEN: Robots = { isAllowed: () => false, crawlDelayMs: MAX_DELAY_MS, sitemaps: [] };

/** Reads a robots.txt (RFC 9309); an empty text allows everything. */
export function robotsOf(robotsUrl: string, text: string): Robots {
  if (text.split("*", MAX_WILDCARDS + 2).length > MAX_WILDCARDS + 1) return FORBIDDEN;
  const parse: unknown = robotsParser;
  if (!isParser(parse)) throw new Error("robots-parser is no function");
  const robots = parse(robotsUrl, text);
  const delay = robots.getCrawlDelay(ROBOT_NAME);
  const delayMs = delay === undefined || !(delay >= 0) ? USUAL_DELAY_MS : Math.min(delay * 1000, MAX_DELAY_MS);
  return {
    isAllowed: (url) => robots.isAllowed(url, ROBOT_NAME) !== false,
    crawlDelayMs: delayMs,
    sitemaps: robots.getSitemaps().slice(0, 10),
  };
}

/** The package's types name a `default` in what Node imports as the function itself. */
function isParser(value: unknown): value is typeof robotsParser.default {
  return typeof value === "function";
}
