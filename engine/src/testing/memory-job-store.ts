import type { JsonValue } from "@baton/protocol";
import type { DueJob, DueJobStore } from "../jobs/due.ts";
import type { JobStore } from "../jobs/ports.ts";
import { type CacheEntry, endOfLead, isLeading } from "../jobs/rules/cache-entry.ts";
import type { Job, JobResult } from "../jobs/rules/job.ts";
import { holdsLease } from "../jobs/rules/lease.ts";
import { type Lane, type Promotion, type PromotionContext, promote } from "../jobs/rules/promotion.ts";
import { accept, newJob } from "../jobs/rules/submission.ts";
import { DEFAULT_TIMING, type Timing } from "../jobs/rules/timing.ts";
import { transition } from "../jobs/rules/transitions.ts";
import type { Usage } from "../jobs/rules/usage.ts";

/** A job store, with the sweep's view of it, that can be given a job in any state. */
export type MemoryJobStore = JobStore & DueJobStore & { put(job: Job, input: JsonValue): Promise<void> };

/** The job store in memory, on the same rules; held to the same contract as Firestore's. */
export function memoryJobStore(timing: Timing = DEFAULT_TIMING): MemoryJobStore {
  const jobs = new Map<string, Job>();
  const inputs = new Map<string, JsonValue>();
  const webhookUrls = new Map<string, string>();
  const results = new Map<string, JobResult>();
  const usages = new Map<string, Usage>();
  const lanes = new Map<string, Lane>();
  const cache = new Map<string, CacheEntry>();
  const watches = new Set<() => void>();
  const copy = structuredClone;

  function around({ jobId, owner, lane, laneTicket: turn, ticket: place, cache: cached }: Job): PromotionContext {
    const others = [...jobs.values()].filter((job) => job.jobId !== jobId);
    const [usage, laneDocument, cacheEntry] = [usages.get(owner), lanes.get(lane ?? ""), cache.get(cached?.key ?? "")];
    const leader = jobs.get(cacheEntry?.jobId ?? "");
    const output = cacheEntry?.isDone ? results.get(cacheEntry.jobId)?.output : undefined;
    return {
      ...(usage && { usage }),
      ticketsAhead: others.filter((job) => job.owner === owner && (job.ticket ?? Infinity) < (place ?? Infinity))
        .length,
      ...(laneDocument && { lane: laneDocument }),
      laneTicketsAhead: others.filter(
        (job) => lane !== undefined && job.lane === lane && (job.laneTicket ?? Infinity) < (turn ?? Infinity),
      ).length,
      ...(cacheEntry && { cacheEntry, isLeaderLive: leader !== undefined && isLeading(leader) }),
      ...(output !== undefined && { cachedOutput: output }),
    };
  }

  function store({ job, result, usage, lane, cacheEntry }: Omit<Promotion, "outcome" | "before" | "effects">): void {
    jobs.set(job.jobId, copy(job));
    if (result) results.set(job.jobId, copy(result));
    const end = endOfLead(job, result);
    if (end && cache.get(end.key)?.jobId === job.jobId) {
      if (end.after) cache.set(end.key, copy(end.after));
      else cache.delete(end.key);
    }
    if (usage) usages.set(usage.owner, copy(usage));
    if (lane) lanes.set(lane.laneId, copy(lane));
    if (cacheEntry) cache.set(cacheEntry.key, copy(cacheEntry));
    for (const look of watches) look();
  }

  function dueJobs(isWanted: (job: Job) => boolean, by: Date, limit: number): DueJob[] {
    return [...jobs.values()]
      .flatMap((job) => (job.dueAt && job.dueAt <= by && isWanted(job) ? [{ ...job, dueAt: job.dueAt }] : []))
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.jobId < b.jobId ? -1 : 1))
      .slice(0, limit)
      .map(({ jobId, dueAt, status, waitingFor, updatedAt }) => ({
        ...{ jobId, dueAt, status, since: updatedAt },
        ...(waitingFor && { waitingFor }),
      }));
  }

  const apply: JobStore["apply"] = async (jobId, event, now) => {
    const job = jobs.get(jobId);
    if (!job) return { outcome: "not-found" };
    const answer = copy(transition(job, event, now, timing));
    if (answer.outcome === "moved") store(answer);
    return answer;
  };

  return {
    apply,
    async put(job, input) {
      jobs.set(job.jobId, copy(job));
      inputs.set(job.jobId, copy(input));
    },
    async submit(submission, input, now) {
      const job = jobs.get(submission.jobId);
      const known = webhookUrls.get(submission.jobId);
      const existing = job && { job, ...(known !== undefined && { webhookUrl: known }) };
      const answer = copy(
        accept(submission, { ...around(newJob(submission, now)), ...(existing && { existing }) }, now, timing),
      );
      if (answer.outcome === "accepted") {
        store(answer);
        if (submission.webhookUrl !== undefined) webhookUrls.set(submission.jobId, submission.webhookUrl);
        inputs.set(submission.jobId, copy(input));
      }
      return answer;
    },
    async promote(jobId, now) {
      const job = jobs.get(jobId);
      if (!job) return { outcome: "not-found" };
      const answer = copy(promote(job, around(job), now, timing));
      if (answer.outcome === "moved") store(answer);
      return answer;
    },
    async claim(jobId, lease, now) {
      const answer = await apply(jobId, { kind: "claim", ...lease }, now);
      const input = inputs.get(jobId);
      return answer.outcome === "moved" && input !== undefined ? { ...answer, input: copy(input) } : answer;
    },
    async read(jobId) {
      return copy(jobs.get(jobId));
    },
    watchLease(jobId, leaseId, then) {
      const look = () => {
        const job = jobs.get(jobId);
        const isHeld = job !== undefined && holdsLease(job, leaseId);
        if (isHeld && !job.cancelRequested) return;
        watches.delete(look);
        then(isHeld ? "cancelled" : "lease-lost");
      };
      watches.add(look);
      look();
      return () => watches.delete(look);
    },
    async list({ owner, status, type, tag, limit, cursor }) {
      if (cursor !== undefined && !/^\d+:[A-Za-z0-9]{20}$/.test(cursor)) return "bad-cursor";
      const place = (job: Job) => `${job.createdAt.getTime()}:${job.jobId}`;
      const matching = [...jobs.values()]
        .filter((job) => job.owner === owner)
        .filter((job) => status === undefined || job.status === status)
        .filter((job) => type === undefined || job.type === type)
        .filter((job) => tag === undefined || job.tags.includes(tag))
        .sort((a, b) => (place(a) < place(b) ? 1 : -1))
        .filter((job) => cursor === undefined || place(job) < cursor);
      const found = matching.slice(0, limit).map((job) => copy(job));
      const last = found.at(-1);
      return { jobs: found, ...(matching.length > limit && last && { nextCursor: place(last) }) };
    },
    async listDue(shards, by, limit) {
      return dueJobs((job) => shards.includes(job.shard), by, limit);
    },
    async listSleeping(after, by, limit) {
      const isAfter = (job: Job, dueAt: Date) =>
        dueAt > after.dueAt || (Number(dueAt) === Number(after.dueAt) && job.jobId > (after.jobId ?? "~"));
      const isAsleep = (job: Job) => job.waitingFor === "time" && job.dueAt !== undefined && isAfter(job, job.dueAt);
      return dueJobs(isAsleep, by, limit);
    },
    async putOff(jobId, now, until) {
      const job = jobs.get(jobId);
      if (job?.dueAt && job.dueAt <= now) jobs.set(jobId, { ...job, dueAt: until });
    },
    async listWaiting(owner, limit) {
      return [...jobs.values()]
        .filter((job) => job.owner === owner && job.waitingFor === "slot")
        .sort((a, b) => (a.ticket ?? 0) - (b.ticket ?? 0))
        .slice(0, limit)
        .map((job) => job.jobId);
    },
    async readNextTurn(lane) {
      const [first] = [...jobs.values()]
        .filter((job) => job.lane === lane && job.laneTicket !== undefined)
        .sort((a, b) => (a.laneTicket ?? 0) - (b.laneTicket ?? 0));
      return first?.waitingFor === "lane" ? first.jobId : undefined;
    },
    async listFollowers(jobId, limit) {
      return [...jobs.values()]
        .filter((job) => job.sharesResultOf === jobId)
        .slice(0, limit)
        .map((job) => job.jobId);
    },
    async readInput(jobId) {
      return copy(inputs.get(jobId));
    },
    async readResult(jobId) {
      return copy(results.get(jobId));
    },
    async readUsage(owner) {
      return copy(usages.get(owner));
    },
    async countActive(owner) {
      const inLine = [...jobs.values()].filter((job) => job.owner === owner && job.ticket !== undefined);
      const waiting = inLine.filter((job) => job.waitingFor === "slot").length;
      return { active: inLine.length - waiting, waiting };
    },
  };
}
