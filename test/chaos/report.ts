import type { Job } from "../../engine/src/jobs/rules/job.ts";
import type { DeliveryStats } from "../../local/bridge/delivery.ts";
import type { FaultCounts } from "../../local/chaos/fault-counts.ts";
import { type Check, check } from "./check.ts";
import type { Evidence } from "./evidence.ts";
import type { Subscriptions } from "./hostile-cloud.ts";
import type { LogCounts } from "./log-counts.ts";

/** The outcome of a run. Times are in milliseconds. */
export interface ChaosReport {
  seed: number;
  jobs: number;
  subscriptions: Subscriptions;
  /** What became of the events on their way to all functions. */
  messages: Record<"delivered" | "failed" | "expired" | "deadLettered", number>;
  statuses: Record<string, number>;
  kinds: Record<string, Record<string, number>>;
  /** Why jobs failed, by code. */
  errors: Record<string, number>;
  /** The five jobs that became final last, with their histories, in seconds since they were accepted. */
  slowest: { jobId: string; type: string; history: string }[];
  checks: Check[];
  faults: FaultCounts;
  counts: LogCounts & { repeatedRequests: number; webhooks: number; repeatedWebhooks: number };
  /**
   * The time of submitting, under faults; and from the end of the faults until the last job is final and the last
   * webhook has arrived.
   */
  submittingMs: number;
  calmMs: number;
}

/** Makes the report of a run from its evidence. */
export function report(
  evidence: Evidence,
  logCounts: LogCounts,
): Pick<ChaosReport, "statuses" | "kinds" | "errors" | "slowest" | "checks" | "counts"> {
  const { accepted, webhooks } = evidence;
  const jobs = [...evidence.jobs.values()];
  const arrived = [...webhooks.values()].map(({ length }) => length);
  return {
    statuses: countBy(jobs, ({ status }) => status),
    kinds: kindsOf(evidence),
    errors: countBy(
      jobs.flatMap(({ error }) => error ?? []),
      ({ code }) => code,
    ),
    slowest: slowest(jobs),
    checks: check(evidence),
    counts: {
      ...logCounts,
      repeatedRequests: accepted.reduce((sum, { requests }) => sum + requests - 1, 0),
      webhooks: arrived.filter((length) => length > 0).length,
      repeatedWebhooks: arrived.reduce((sum, length) => sum + Math.max(0, length - 1), 0),
    },
  };
}

/** Counts what became of the events of all functions. */
export function messageCounts(stats: readonly DeliveryStats[]): ChaosReport["messages"] {
  const sum = (name: keyof ChaosReport["messages"]) => stats.reduce((total, one) => total + one[name], 0);
  return {
    delivered: sum("delivered"),
    failed: sum("failed"),
    expired: sum("expired"),
    deadLettered: sum("deadLettered"),
  };
}

function kindsOf({ accepted, jobs }: Evidence): Record<string, Record<string, number>> {
  const byKind = Map.groupBy(accepted, ({ planned }) => planned.kind);
  return Object.fromEntries(
    [...byKind].map(([kind, members]) => [kind, countBy(members, ({ jobId }) => jobs.get(jobId)?.status ?? "lost")]),
  );
}

function slowest(jobs: readonly Job[]): ChaosReport["slowest"] {
  const byEnd = jobs.toSorted((a, b) => Number(b.finishedAt) - Number(a.finishedAt));
  return byEnd.slice(0, 5).map(({ jobId, type, createdAt, history }) => {
    const lines = history.map(({ status, at, attempt, reason, errorCode }) => {
      const seconds = ((at.getTime() - createdAt.getTime()) / 1000).toFixed(1);
      return `${seconds} ${status} ${attempt}${(errorCode ?? reason) ? ` (${errorCode ?? reason})` : ""}`;
    });
    return { jobId, type, history: lines.join(", ") };
  });
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
