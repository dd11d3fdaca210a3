import type { JobView } from "@baton/protocol";
import { mean, percentile, round } from "./results.ts";

const SECONDS_A_DAY = 86_400;

/** Milliseconds of completed jobs, each from one of its instants to another. */
export function millisOf(jobs: readonly JobView[], from: "createdAt" | "startedAt", to: "startedAt" | "finishedAt") {
  const millis = jobs.map((job) => Date.parse(job[to] ?? "") - Date.parse(job[from] ?? ""));
  if (millis.some(Number.isNaN)) throw new Error(`A job has no ${from}, or no ${to}`);
  return millis;
}

/** The jobs that completed; the others failed, or were not final in time. */
export function completedOf(jobs: readonly JobView[]): JobView[] {
  return jobs.filter(({ status }) => status === "completed");
}

/** Counts the jobs, and gives percentiles of their wait for a worker and of their run. */
export function timesOf(jobs: readonly JobView[]) {
  const completed = completedOf(jobs);
  const waits = millisOf(completed, "createdAt", "startedAt");
  const runs = millisOf(completed, "startedAt", "finishedAt");
  return {
    jobs: jobs.length,
    "wait p50 ms": percentile(waits, 50),
    "wait p95 ms": percentile(waits, 95),
    "run p50 ms": percentile(runs, 50),
    "run p95 ms": percentile(runs, 95),
    retries: jobs.filter(({ attempt }) => attempt > 1).length,
    failed: jobs.filter(({ finishedAt, status }) => finishedAt !== undefined && status !== "completed").length,
    lost: jobs.filter(({ finishedAt }) => finishedAt === undefined).length,
  };
}

/**
 * Extrapolates the rate of completed jobs, from the first submission to the last end, to a day; and to the instances of
 * `concurrency` jobs that `jobsPerDay` evenly spread jobs would keep busy (Little's law: rate times mean run).
 */
export function extrapolate(jobs: readonly JobView[], jobsPerDay: number, concurrency: number) {
  const completed = completedOf(jobs);
  const firstAt = Math.min(...completed.map(({ createdAt }) => Date.parse(createdAt)));
  const lastAt = Math.max(...completed.map(({ finishedAt }) => Date.parse(finishedAt ?? "")));
  const perSecond = (completed.length * 1000) / (lastAt - firstAt);
  const meanRunMs = mean(millisOf(completed, "startedAt", "finishedAt"));
  const busyJobs = ((jobsPerDay / SECONDS_A_DAY) * meanRunMs) / 1000;
  return {
    "per second": round(perSecond),
    "per day": Math.round(perSecond * SECONDS_A_DAY),
    factor: round((perSecond * SECONDS_A_DAY) / jobsPerDay),
    "mean run ms": meanRunMs,
    "jobs at once": round(busyJobs),
    instances: Math.ceil(busyJobs / concurrency),
  };
}
