import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** The smallest of the numbers that `percent` of them do not exceed; 0 of none. */
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}

/** How many percent of the numbers do not exceed `limit`. */
export function within(numbers: readonly number[], limit: number): number {
  return round((numbers.filter((number) => number <= limit).length * 100) / numbers.length);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}

export function mean(numbers: readonly number[]): number {
  return round(sum(numbers) / numbers.length);
}

/** To two decimal places. */
export function round(number: number): number {
  return Math.round(number * 100) / 100;
}

/** Writes what a benchmark found to `bench/results/<name>.json`, with when and on what it ran. */
export async function store(name: string, found: object): Promise<void> {
  const folder = join(import.meta.dirname, "results");
  await mkdir(folder, { recursive: true });
  const machine = { cores: availableParallelism(), node: process.version };
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ at: new Date(), machine, ...found }, null, 2)}\n`);
}
