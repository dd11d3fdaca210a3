import { MADE_SITES } from "./index.ts";
import type { MadeSite } from "./made-site.ts";
import { compare, type Miss, precisionOf, recallOf, type Score, sumOf } from "./score.ts";
import { scrape, scrapePorts } from "./scrape-made-site.ts";
import { madeGet } from "./serve-sites.ts";

/** The result of one site. */
export interface Evaluated {
  site: MadeSite;
  scores: { field: string; score: Score; miss: Miss }[];
}

/** Scrapes made sites, each through the whole of the job type but for the network. */
export async function evaluate(sites: readonly MadeSite[] = MADE_SITES): Promise<Evaluated[]> {
  const results: Evaluated[] = [];
  for (const site of sites) {
    const profile = await scrape(scrapePorts(madeGet()), { url: `http://${site.name}.localhost:8080/` });
    results.push({ site, scores: compare(site.truth, profile) });
  }
  return results;
}

/** Writes precision and recall by field as a table. */
export function renderScores(results: readonly Evaluated[]): string {
  const fields = new Map<string, Score[]>();
  for (const { field, score } of results.flatMap(({ scores }) => scores))
    fields.set(field, [...(fields.get(field) ?? []), score]);
  const rows = [...fields].map(([field, scores]) => rowOf(field, sumOf(scores)));
  const total = rowOf("all", sumOf([...fields.values()].flat()));
  return [["field", "precision", "recall", "true", "missed", "wrong"], ...rows, total]
    .map(([name = "", ...cells]) => `${name.padEnd(14)}${cells.map((cell) => cell.padStart(11)).join("")}`)
    .join("\n");
}

function rowOf(field: string, score: Score): string[] {
  const { hits, misses, extras } = score;
  return [
    field,
    precisionOf(score).toFixed(3),
    recallOf(score).toFixed(3),
    ...[hits + misses, misses, extras].map(String),
  ];
}

/** Lists what was missed and what is not true, by site. */
export function renderMisses(results: readonly Evaluated[]): string {
  const lines = results.flatMap(({ site, scores }) =>
    scores.flatMap(({ miss: { field, missed, extra } }) => [
      ...missed.map((value) => `${site.name}  ${field}  missed: ${value}`),
      ...extra.map((value) => `${site.name}  ${field}  wrong:  ${value}`),
    ]),
  );
  return lines.join("\n");
}
