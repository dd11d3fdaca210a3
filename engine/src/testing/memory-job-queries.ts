import type { DueJob, JobFilter, JobStore } from "../jobs/ports.ts";
import type { Job } from "../jobs/rules/job.ts";
import type { JobData } from "./memory-job-data.ts";

type ListedJobs = Awaited<ReturnType<JobStore["list"]>>;

/** Lists an owner's jobs, newest first. */
export function listJobs({ jobs }: JobData, filter: JobFilter): ListedJobs {
  const { owner, status, type, tag, limit, cursor } = filter;
  if (cursor !== undefined && !/^\d+:[A-Za-z0-9]{20}$/.test(cursor)) return "bad-cursor";
  const cursorAt = (job: Job) => `${job.createdAt.getTime()}:${job.jobId}`;
  const matching = [...jobs.values()]
    .filter((job) => job.owner === owner)
    .filter((job) => status === undefined || job.status === status)
    .filter((job) => type === undefined || job.type === type)
    .filter((job) => tag === undefined || job.tags.includes(tag))
    .sort((a, b) => (cursorAt(a) < cursorAt(b) ? 1 : -1))
    .filter((job) => cursor === undefined || cursorAt(job) < cursor);
  const found = matching.slice(0, limit).map((job) => structuredClone(job));
  const last = found.at(-1);
  return { jobs: found, ...(matching.length > limit && last && { nextCursor: cursorAt(last) }) };
}

/** Lists the jobs of these shards that are due by an instant, the longest due first. */
export function listDue(data: JobData, shards: readonly number[], by: Date, limit: number): DueJob[] {
  return dueJobs(data, ({ shard }) => shards.includes(shard), by, limit);
}

/** Lists the jobs that wait for their time, which comes after `after` and by `by`. */
export function listSleeping(data: JobData, after: { dueAt: Date; jobId?: string }, by: Date, limit: number): DueJob[] {
  const isAfter = (job: Job, dueAt: Date) =>
    dueAt > after.dueAt || (Number(dueAt) === Number(after.dueAt) && job.jobId > (after.jobId ?? "~"));
  return dueJobs(data, (job, dueAt) => job.waitingFor === "time" && isAfter(job, dueAt), by, limit);
}

/** Ids of an owner's jobs that wait for a slot, by their tickets. */
export function listWaiting({ jobs }: JobData, owner: string, limit: number): string[] {
  return [...jobs.values()]
    .filter((job) => job.owner === owner && job.waitingFor === "slot")
    .sort((a, b) => (a.ticket ?? 0) - (b.ticket ?? 0))
    .slice(0, limit)
    .map((job) => job.jobId);
}

/** Id of the job with the lowest ticket of a lane, when it waits for the lane. */
export function readNextInLane({ jobs }: JobData, lane: string): string | undefined {
  const [first] = [...jobs.values()]
    .filter((job) => job.lane === lane && job.laneTicket !== undefined)
    .sort((a, b) => (a.laneTicket ?? 0) - (b.laneTicket ?? 0));
  return first?.waitingFor === "lane" ? first.jobId : undefined;
}

/** Ids of jobs that wait for the result of this one. */
export function listFollowers({ jobs }: JobData, jobId: string, limit: number): string[] {
  return [...jobs.values()]
    .filter((job) => job.sharesResultOf === jobId)
    .slice(0, limit)
    .map((job) => job.jobId);
}

/** Counts an owner's jobs with a ticket, and those of them that wait for a slot. */
export function countActive({ jobs }: JobData, owner: string): { active: number; waiting: number } {
  const withTicket = [...jobs.values()].filter((job) => job.owner === owner && job.ticket !== undefined);
  const waiting = withTicket.filter((job) => job.waitingFor === "slot").length;
  return { active: withTicket.length - waiting, waiting };
}

function dueJobs({ jobs }: JobData, isWanted: (job: Job, dueAt: Date) => boolean, by: Date, limit: number): DueJob[] {
  return [...jobs.values()]
    .flatMap((job) => (job.dueAt && job.dueAt <= by && isWanted(job, job.dueAt) ? [{ ...job, dueAt: job.dueAt }] : []))
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.jobId < b.jobId ? -1 : 1))
    .slice(0, limit)
    .map(({ jobId, dueAt, status, waitingFor, updatedAt }) => ({
      ...{ jobId, dueAt, status, since: updatedAt },
      ...(waitingFor && { waitingFor }),
    }));
}
