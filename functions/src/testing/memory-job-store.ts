import type { JsonValue } from "@baton/protocol";
import type { Job, JobResult } from "../../functions/src/core/job.ts";
import type { JobStore } from "../../functions/src/core/ports.ts";
import { transition } from "../../functions/src/core/transitions.ts";

/** The job store in memory, on the same rules; held to the same contract as Firestore's by `test/contract/job-store.test.ts`. */
export function memoryJobStore(): JobStore {
  const jobs = new Map<string, Job>();
  const inputs = new Map<string, JsonValue>();
  const results = new Map<string, JobResult>();
  const copy = structuredClone;

  return {
    async create(job, input) {
      if (jobs.has(job.jobId)) return "exists";
      jobs.set(job.jobId, copy(job));
      inputs.set(job.jobId, copy(input));
      return "created";
    },
    async apply(jobId, event, now) {
      const job = jobs.get(jobId);
      if (!job) return { outcome: "not-found" };
      const answer = copy(transition(job, event, now));
      if (answer.outcome === "moved") {
        jobs.set(jobId, copy(answer.job));
        if (answer.result) results.set(jobId, copy(answer.result));
      }
      return answer;
    },
    async read(jobId) {
      return copy(jobs.get(jobId));
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
    async listDue(shard, now, limit) {
      return [...jobs.values()]
        .filter((job) => job.shard === shard && job.dueAt !== undefined && job.dueAt <= now)
        .sort((a, b) => Number(a.dueAt) - Number(b.dueAt))
        .slice(0, limit)
        .map((job) => job.jobId);
    },
    async readInput(jobId) {
      return copy(inputs.get(jobId));
    },
    async readResult(jobId) {
      return copy(results.get(jobId));
    },
  };
}
