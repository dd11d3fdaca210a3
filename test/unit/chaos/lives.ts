import type { JobStatus, JsonValue } from "@baton/protocol";
import type { Job, JobResult } from "../../../engine/src/jobs/rules/job.ts";
import type { Kind, Planned } from "../../chaos/plan.ts";
import type { Accepted } from "../../chaos/submit-all.ts";

/** So many milliseconds after the run began. */
export const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);

/** One line of a history; `why` is a reason, or the code of the error that an attempt or the job failed with. */
export type Line = [status: JobStatus, atMs: number, attempt: number, why?: string];

/** The life of a job, from its submission to its result; `job` and `result` replace fields that follow from it. */
export interface Life {
  kind: Kind;
  input?: Planned["input"];
  lines: Line[];
  accepted?: Partial<Accepted>;
  job?: Partial<
    Pick<Job, "hasCleanUp" | "cancelRequested" | "error" | "cache" | "isCacheLeader" | "cached" | "maxAttempts">
  >;
  result?: Partial<JobResult>;
  orderingKey?: string;
  hasWebhook?: true;
  output?: JsonValue | undefined;
}

const WORKER_LOST = { code: "worker-lost", message: "The worker stopped without an answer on every attempt." };
const PERMANENT = { code: "chaos-permanent", message: "This job was made to fail." };
const CACHE = { cache: { key: "key-of-5", ttlMs: 600_000 } };

/** The lives of the jobs of a run in which every promise was kept, by job id. */
export const LIVES: Record<string, Life> = {
  short: {
    kind: "short",
    input: { n: 7 },
    lines: [
      ["pending", 0, 0, "waiting-for-time"],
      ["queued", 1000, 0],
      ["processing", 1200, 1],
      ["completed", 1300, 1],
    ],
    accepted: { runAt: at(1000) },
    hasWebhook: true,
    output: { n: 7 },
  },
  stepped: {
    kind: "stepped",
    input: { steps: 2, stepMs: 20 },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["queued", 6000, 1, "suspended"],
      ["pending", 6010, 1, "unpublished"],
      ["queued", 7000, 1],
      ["processing", 7010, 1],
      ["completed", 7100, 1],
    ],
    output: { count: 2 },
  },
  contested: {
    kind: "contested",
    input: { rounds: 1, roundMs: 150 },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["processing", 3010, 2, "lease-expired"],
      ["queued", 8000, 2, "suspended"],
      ["processing", 8010, 2],
      ["completed", 9000, 2],
    ],
    output: { attempt: 2 },
  },
  "cleaned-up": {
    kind: "waiting",
    input: { wait: "backoff", ms: 500 },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["queued", 20, 1, "chaos-failure"],
      ["processing", 300, 1, "cleanup"],
      ["cancelled", 310, 1],
    ],
    accepted: { cancelStatus: 202 },
    job: { hasCleanUp: true, cancelRequested: true },
  },
  failing: {
    kind: "failing",
    input: { failures: 1, isPermanent: false },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["queued", 20, 1, "chaos-failure"],
      ["processing", 220, 2],
      ["completed", 230, 2],
    ],
    output: null,
  },
  permanent: {
    kind: "failing",
    input: { failures: 1, isPermanent: true },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["failed", 20, 1, "chaos-permanent"],
    ],
    job: { error: PERMANENT },
    result: { error: PERMANENT },
    hasWebhook: true,
  },
  sleeping: {
    kind: "sleeping",
    input: { sleepMs: 1001 },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["pending", 20, 1, "sleeping"],
      ["queued", 1020, 1],
      ["processing", 1030, 1],
      ["queued", 1040, 1, "sleeping"],
      ["processing", 1600, 1],
      ["completed", 1610, 1],
    ],
    output: null,
  },
  "ordered-1": {
    kind: "ordered",
    input: { key: "lane", seq: 1 },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["completed", 20, 1],
    ],
    orderingKey: "lane-0-0",
    output: { seq: 1 },
  },
  "ordered-2": {
    kind: "ordered",
    input: { key: "lane", seq: 2 },
    lines: [
      ["pending", 5, 0, "waiting-for-lane"],
      ["queued", 20, 0],
      ["processing", 20, 1],
      ["completed", 40, 1],
    ],
    orderingKey: "lane-0-0",
    output: { seq: 2 },
  },
  "cancelled-waiting": {
    kind: "cancelled",
    lines: [
      ["queued", 0, 0],
      ["cancelled", 5, 0],
    ],
    accepted: { cancelStatus: 200 },
  },
  "cancelled-running": {
    kind: "cancelled",
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["cancelled", 900, 1],
    ],
    accepted: { cancelStatus: 202 },
    job: { cancelRequested: true },
    result: { leaseId: "lease-of-cancelled-running" },
  },
  "cached-first": {
    kind: "cached",
    input: { n: 5 },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["completed", 110, 1],
    ],
    job: { ...CACHE, isCacheLeader: true },
    output: { n: 5, ranAs: "cached-first" },
  },
  "cached-second": {
    kind: "cached",
    input: { n: 5 },
    lines: [
      ["pending", 5, 0, "waiting-for-result"],
      ["completed", 110, 0],
    ],
    job: { ...CACHE, cached: true },
    result: { cached: true },
    output: { n: 5, ranAs: "cached-first" },
  },
  crashing: {
    kind: "crashing",
    input: { crashes: 3 },
    lines: [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["processing", 3010, 2, "lease-expired"],
      ["processing", 6010, 3, "lease-expired"],
      ["failed", 9010, 3, "worker-lost"],
    ],
    job: { maxAttempts: 3, error: WORKER_LOST },
    result: { error: WORKER_LOST },
  },
};
