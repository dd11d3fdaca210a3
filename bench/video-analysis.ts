/**
 * CPU that job type `video.analysis` takes for 1,000 comments: `node bench/video-analysis.ts <folder>`, where the
 * folder holds CSV files with a column `text`. Counts user and system time of this process, garbage collection
 * included.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";

const COMMENTS = 1000;
const WARM_RUNS = 5;
const ALL_PARTS = { includeSentiment: true, includeClassification: true, includeInsights: true, includeSummary: true };

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Give the folder that holds the comments: node bench/video-analysis.ts <folder>");
  process.exit(2);
}

const comments = readComments(folder).slice(0, COMMENTS);
const context = { signal: new AbortController().signal, progress: () => {} };

const beforeImport = process.cpuUsage();
const { analyzeComments } = await import("../functions/src/jobs/video-analysis/analyze-comments.ts");
const importMs = cpuMsSince(beforeImport);

const beforeFirst = process.cpuUsage();
await analyzeComments(comments, ALL_PARTS, context);
const firstMs = cpuMsSince(beforeFirst);

const warm: number[] = [];
for (let run = 0; run < WARM_RUNS; run += 1) {
  const beforeRun = process.cpuUsage();
  await analyzeComments(comments, ALL_PARTS, context);
  warm.push(cpuMsSince(beforeRun));
}

const perThousand = (ms: number) => Math.round((ms * 1000) / comments.length);
console.log(`comments: ${comments.length} (figures per 1,000)`);
console.log(
  `first job of a process, imports and model load included: ${Math.round(importMs) + perThousand(firstMs)} ms CPU`,
);
console.log(`later jobs: ${perThousand(median(warm))} ms CPU (median of ${WARM_RUNS})`);

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function readComments(from: string): { text: string }[] {
  const files = readdirSync(from).filter((name) => name.endsWith(".csv"));
  const row = z.object({ text: z.string() });
  return files
    .sort()
    .flatMap((file) => z.array(row).parse(parse(readFileSync(join(from, file)), { columns: true, bom: true })));
}
