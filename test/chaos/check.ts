import type { JobStatus } from "@baton/protocol";
import { isFinal, type Job, type JobResult } from "../../functions/src/core/job.ts";
import type { Seen } from "./observe.ts";
import type { Accepted } from "./submit-all.ts";

/** Everything a run left behind. */
export interface Evidence {
  accepted: readonly Accepted[];
  jobs: ReadonlyMap<string, Job>;
  results: ReadonlyMap<string, JobResult>;
  seen: Seen;
  /** `count` of `chaosCounters/{jobId}`: how often a step of the job took effect. */
  counters: ReadonlyMap<string, number>;
  /** `seqs` of `chaosLists/{key}`: in which order the jobs of a key took effect. */
  lists: ReadonlyMap<string, readonly number[]>;
  /** Webhooks by job: their ids and the events they named. */
  webhooks: ReadonlyMap<string, readonly { id: string; event: string }[]>;
}

/** One promise, and the jobs (or keys) for which it was broken. */
export interface Check {
  promise: string;
  broken: string[];
}

/** The design's table, section 4, with the waits that are too long for the queue: which status may follow which. */
const TABLE: Record<JobStatus, readonly JobStatus[]> = {
  pending: ["queued", "completed", "cancelled"],
  queued: ["processing", "pending", "cancelled", "failed"],
  processing: ["processing", "queued", "pending", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

/** Holds the evidence of a run against what Baton promises. Pure. */
export function check(evidence: Evidence): Check[] {
  const { accepted, jobs, results, seen } = evidence;
  const all = [...jobs.values()];
  const jobsWhere = (isBroken: (job: Job) => boolean) => all.filter(isBroken).map(({ jobId }) => jobId);
  const acceptedIds = new Set(accepted.map(({ jobId }) => jobId));
  return [
    { promise: "no accepted job is lost", broken: [...acceptedIds].filter((jobId) => !jobs.has(jobId)) },
    { promise: "every accepted job ends", broken: jobsWhere(({ status }) => !isFinal(status)) },
    { promise: "one idempotency key makes one job", broken: jobsWhere(({ jobId }) => !acceptedIds.has(jobId)) },
    { promise: "no job finishes twice", broken: [...jobsWhere(finishedTwice), ...seen.revived, ...seen.rewritten] },
    { promise: "each job has one result, and the same status", broken: jobsWhere(lacksResult(results)) },
    { promise: "a result belongs to a lease, or to nobody's work", broken: jobsWhere(hasForeignResult(results)) },
    { promise: "history is a path of the table", broken: jobsWhere(({ history }) => !isPath(history)) },
    {
      promise: "attempts never exceed the maximum",
      broken: jobsWhere(({ attempt, maxAttempts }) => attempt > maxAttempts),
    },
    { promise: "progress never goes back within an attempt", broken: seen.backwards },
    { promise: "no owner has more jobs in flight than slots", broken: [...new Set(seen.overLimit)] },
    { promise: "jobs with one ordering key take effect in order, once", broken: wrongOrder(evidence) },
    { promise: "jobs with one ordering key never overlap", broken: overlaps(evidence) },
    { promise: "a step takes effect once", broken: wrongCounts(evidence) },
    { promise: "equal inputs run once at a time, and share their output", broken: wrongCache(evidence) },
    { promise: "a job that was cancelled before it ran is cancelled", broken: ignoredCancels(evidence) },
    { promise: "a job that always crashes fails", broken: wronglyCompleted(evidence) },
    { promise: "one webhook-id per job and event, with the job's outcome", broken: wrongWebhooks(evidence) },
  ];
}

function finishedTwice({ history }: Job): boolean {
  return history.filter(({ status }) => isFinal(status)).length > 1;
}

function lacksResult(results: ReadonlyMap<string, JobResult>) {
  return ({ jobId, status }: Job) => isFinal(status) && results.get(jobId)?.status !== status;
}

/** A worker's result says by which lease; only a cancelled waiting job, a cached one and a lost worker's have none. */
function hasForeignResult(results: ReadonlyMap<string, JobResult>) {
  return ({ jobId }: Job) => {
    const result = results.get(jobId);
    if (!result || result.leaseId !== undefined || result.status === "cancelled" || result.cached) return false;
    return result.error?.code !== "worker-lost" && result.error?.code !== "undeliverable";
  };
}

function isPath(history: Job["history"]): boolean {
  const [first] = history;
  if (first && first.status !== "pending" && first.status !== "queued" && first.status !== "completed") return false;
  return history.every(({ status }, index) => {
    const next = history[index + 1];
    return next === undefined || TABLE[status].includes(next.status);
  });
}

/** The list of a key holds numbers of completed jobs, each once, rising; and every completed job's. */
function wrongOrder({ accepted, jobs, lists }: Evidence): string[] {
  const completed = new Map<string, number[]>();
  for (const { planned, jobId } of accepted) {
    if (planned.kind !== "ordered" || jobs.get(jobId)?.status !== "completed") continue;
    const key = String(planned.input.key);
    completed.set(key, [...(completed.get(key) ?? []), Number(planned.input.seq)]);
  }
  const keys = new Set([...completed.keys(), ...lists.keys()]);
  return [...keys].filter((key) => {
    const list = lists.get(key) ?? [];
    const isRising = list.every((seq, index) => index === 0 || seq > (list[index - 1] ?? 0));
    return !isRising || (completed.get(key) ?? []).some((seq) => !list.includes(seq));
  });
}

/** From the first claim of a job to its end nobody else of its key may run. */
function overlaps({ accepted, jobs }: Evidence): string[] {
  const lanes = Map.groupBy(
    accepted.flatMap(({ planned, jobId }) => {
      const job = jobs.get(jobId);
      return planned.orderingKey && job?.startedAt ? [{ lane: `${planned.owner}/${planned.orderingKey}`, job }] : [];
    }),
    ({ lane }) => lane,
  );
  return [...lanes.values()].flatMap((members) => {
    const inOrder = members.map(({ job }) => job).sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
    return inOrder
      .filter((job, index) => Number(job.startedAt) < Number(inOrder[index - 1]?.finishedAt ?? 0))
      .map(({ jobId }) => jobId);
  });
}

function wrongCounts({ accepted, jobs, counters }: Evidence): string[] {
  return accepted
    .filter(({ planned, jobId }) => {
      if (planned.kind !== "stepped") return false;
      const count = counters.get(jobId) ?? 0;
      const steps = Number(planned.input.steps);
      return jobs.get(jobId)?.status === "completed" ? count !== steps : count > steps;
    })
    .map(({ jobId }) => jobId);
}

/** All results of one input name one job as the one that ran; two jobs that ran for it did not run at the same time. */
function wrongCache({ accepted, jobs, results }: Evidence): string[] {
  const groups = Map.groupBy(
    accepted.filter(({ planned }) => planned.kind === "cached"),
    ({ planned }) => `${planned.owner}/${planned.input.n}`,
  );
  return [...groups].flatMap(([key, members]) => {
    const ran = members.flatMap(({ jobId }) => {
      const job = jobs.get(jobId);
      return job?.startedAt && job.finishedAt ? [{ from: Number(job.startedAt), to: Number(job.finishedAt) }] : [];
    });
    ran.sort((a, b) => a.from - b.from);
    const isParallel = ran.some(({ from }, index) => from < (ran[index - 1]?.to ?? 0));
    const outputs = new Set(members.flatMap(({ jobId }) => JSON.stringify(results.get(jobId)?.output) ?? []));
    return isParallel || outputs.size > 1 ? [key] : [];
  });
}

function ignoredCancels({ accepted, jobs }: Evidence): string[] {
  return accepted
    .filter(({ jobId, cancelStatus }) => cancelStatus === 200 && jobs.get(jobId)?.status !== "cancelled")
    .map(({ jobId }) => jobId);
}

function wronglyCompleted({ accepted, jobs }: Evidence): string[] {
  return accepted
    .filter(({ planned, jobId }) => {
      const crashes = planned.kind === "crashing" ? Number(planned.input.crashes) : 0;
      return crashes >= 3 && jobs.get(jobId)?.status !== "failed";
    })
    .map(({ jobId }) => jobId);
}

function wrongWebhooks({ accepted, jobs, webhooks }: Evidence): string[] {
  return accepted
    .filter(({ planned, jobId }) => {
      const arrived = webhooks.get(jobId) ?? [];
      if (!planned.hasWebhook) return arrived.length > 0;
      const status = jobs.get(jobId)?.status;
      const ids = new Set(arrived.map(({ id }) => id));
      return ids.size !== 1 || arrived.some(({ event }) => event !== `job.${status}`);
    })
    .map(({ jobId }) => jobId);
}
