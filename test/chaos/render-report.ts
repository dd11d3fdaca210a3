import { describeFaults } from "../../local/chaos/fault-counts.ts";
import type { ChaosReport } from "./report.ts";

/** Named at most for each broken promise. */
const MAX_NAMED = 5;

/** The report of a chaos run as a person reads it. */
export function renderReport(report: ChaosReport): string {
  const { seed, jobs, subscriptions, messages, checks, counts, faults, submittingMs, calmMs } = report;
  const broken = checks.filter((check) => check.broken.length > 0).length;
  return [
    `${jobs} jobs, seed ${seed}: ${broken === 0 ? "every promise was kept" : `${broken} promises were BROKEN`}`,
    "",
    ...checks.map(({ promise, broken }) => {
      const named = broken.length > MAX_NAMED ? [...broken.slice(0, MAX_NAMED), "..."] : broken;
      return broken.length === 0 ? `  ✔ ${promise}` : `  ✘ ${promise}: ${broken.length} (${named.join(", ")})`;
    }),
    "",
    describeFaults(faults),
    `Messages, by ${subscriptions === "eventarc" ? "Eventarc's defaults" : "the policy of infra/"}: ${words(messages)}`,
    `Ends: ${words(report.statuses)}`,
    ...Object.entries(report.kinds).map(([kind, statuses]) => `  ${kind}: ${words(statuses)}`),
    `Failures: ${words(report.errors) || "none"}`,
    `Counts: ${words(counts)}`,
    `Submitting took ${seconds(submittingMs)}; calm came ${seconds(calmMs)} after the last fault`,
  ].join("\n");
}

function words(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${count}`)
    .join(", ");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
