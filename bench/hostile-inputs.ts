import { trialReminder } from "../examples/jobs/trial-reminder.ts";
import { wordCount } from "../examples/jobs/word-count.ts";
import { readPage } from "../functions/src/jobs/company-scrape/read/read-page.ts";
import { contentCompute } from "../functions/src/jobs/content-generate/compute.ts";
import { analyzeComments } from "../functions/src/jobs/video-analysis/analyze-comments.ts";
import { HOSTILE } from "./hostile-comments.ts";
import { HOSTILE_PAGES, HOSTILE_SOURCES } from "./hostile-pages.ts";
import { round, store } from "./results.ts";

/*
 * `node bench/hostile-inputs.ts`: the CPU time of the most expensive inputs, for each job type of the repository whose
 * input has no narrow bound. Sizes are one, two, four and eight times 100 kB; each figure is the least of three.
 * `growth` is the exponent from the first to the last: 1 is linear, 2 is quadratic, and n log n is 1.1 here. Prints it
 * and stores `bench/results/hostile-inputs.json`. Five minutes.
 */

const BYTES = 100_000;
const TIMES = [1, 2, 4, 8];
const PARTS = { includeSentiment: true, includeClassification: true, includeInsights: true, includeSummary: true };

/** CPU time of this process while it does the work, garbage collection included. */
async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Milliseconds of CPU time at each size, the least of three. */
async function costAt(measure: (size: number) => Promise<number>): Promise<Record<string, number>> {
  const times: number[] = [];
  for (const size of TIMES) {
    const tries = [await measure(BYTES * size), await measure(BYTES * size), await measure(BYTES * size)];
    times.push(Math.min(...tries));
  }
  // Less than a millisecond says little.
  const [first = 1, last = 1] = [times[0], times.at(-1)].map((ms) => Math.max(1, ms ?? 1));
  const growth = Math.log2(last / first) / 3;
  const named = TIMES.map((size, at): [string, number] => [`${size}x ms`, round(times[at] ?? 0)]);
  return { ...Object.fromEntries(named), growth: round(growth) };
}

/** Texts for job types that take one. */
const TEXTS: Record<string, (bytes: number) => string> = {
  "one word": (bytes) => "a".repeat(bytes),
  "words of one letter": (bytes) => "a ".repeat(bytes / 2),
  blanks: (bytes) => `a${" ".repeat(bytes)}a`,
  "an endless domain": (bytes) => `a@${"a.".repeat(bytes / 2)}`,
  "an endless local part": (bytes) => `${"a.".repeat(bytes / 2)}@`,
};
const TEXT_TYPES: Record<string, (text: string) => unknown> = {
  "word.count": (text) => wordCount.compute?.count(text),
  "trial.reminder": (email) =>
    trialReminder(async () => undefined).input.safeParse({ email, endsAt: "2026-01-01T00:00:00Z" }),
};

const context = { signal: new AbortController().signal, progress: () => undefined };
const rows: Record<string, Record<string, number>> = {};
await analyzeComments([{ text: "warm" }], PARTS, context);
for (const [kind, make] of Object.entries(HOSTILE)) {
  rows[`video.analysis: ${kind}`] = await costAt((bytes) => {
    const comments = make(bytes);
    return cpuMs(() => analyzeComments(comments, PARTS, context));
  });
}
for (const [type, work] of Object.entries(TEXT_TYPES)) {
  for (const [kind, make] of Object.entries(TEXTS)) {
    rows[`${type}: ${kind}`] = await costAt((bytes) => {
      const text = make(bytes);
      return cpuMs(() => work(text));
    });
  }
}
for (const [kind, make] of Object.entries(HOSTILE_PAGES)) {
  rows[`company.scrape: ${kind}`] = await costAt((bytes) => {
    const body = Buffer.from(make(bytes));
    const page = { url: "https://example.com/", body, headers: new Map([["content-type", "text/html"]]) };
    return cpuMs(() => readPage(page, { kind: "home" }));
  });
}
const question = { keywords: ["plants", "food"], interests: [], language: "en" } as const;
await contentCompute.findPassages({ sources: [], question });
for (const [kind, make] of Object.entries(HOSTILE_SOURCES)) {
  rows[`content.generate: ${kind}`] = await costAt((bytes) => {
    const sources = [{ title: "Plants", text: make(bytes) }];
    return cpuMs(() => contentCompute.findPassages({ sources, question }));
  });
}
console.table(rows);
await store("hostile-inputs", { bytes: BYTES, rows });
