import { pageKey, type SiteLink } from "./read/links.ts";
import type { PageKind } from "./read/page-kinds.ts";
import { type Stage, VISITS } from "./stages.ts";

/** A page to be visited, and what for. */
export interface Visit {
  url: string;
  kind: PageKind | "feed";
}

/** The facts that are known when a stage begins. */
export interface VisitContext {
  links: readonly SiteLink[];
  feeds: readonly string[];
  /** URLs that were asked for, and those where pages were found. */
  visited: readonly string[];
  /** The stages that are still to come, this one among them. */
  stages: readonly Stage[];
  /** Pages that the job may still fetch. */
  left: number;
}

/**
 * Chooses the pages of `stage`: those that fall to it when all coming stages share the pages that are left. A page is
 * never chosen twice. Pure: the same context gives the same pages, so that a repeated stage visits them again.
 */
export function planVisits(stage: Stage, { links, feeds, visited, stages, left }: VisitContext): Visit[] {
  const taken = new Set(visited.map(pageKey));
  const planned: (Visit & { stage: Stage })[] = [];
  const byScore = links.toSorted((one, other) => other.score - one.score);
  for (const slot of VISITS) {
    if (planned.length >= left) break;
    if (!stages.includes(slot.stage)) continue;
    const urls = slot.kind === "feed" ? feeds : byScore.flatMap(({ url, kind }) => (kind === slot.kind ? [url] : []));
    const url = urls.find((candidate) => !taken.has(pageKey(candidate)));
    if (url === undefined) continue;
    taken.add(pageKey(url));
    planned.push({ url, kind: slot.kind, stage: slot.stage });
  }
  return planned.flatMap(({ stage: of, ...visit }) => (of === stage ? [visit] : []));
}
