import { JobId } from "@baton/protocol";
import type { Principal } from "../accounts/principal.ts";
import type { JobStore } from "./ports.ts";
import type { Job, JobResult } from "./rules/job.ts";
import { isFinal } from "./rules/job.ts";

/**
 * Reads a job that `reader` may see: the owner or an admin. Another user's job, a job that does not exist and a text
 * that is no job id all give `undefined`, so that no caller learns which ids are taken.
 */
export async function readJob(
  ports: { jobs: Pick<JobStore, "read"> },
  reader: Principal,
  jobId: string,
): Promise<Job | undefined> {
  // A text of another shape never reaches the store: it may hold slashes or names that Firestore keeps for itself.
  if (!JobId.safeParse(jobId).success) return undefined;
  const job = await ports.jobs.read(jobId);
  return job && (job.owner === reader.uid || reader.isAdmin) ? job : undefined;
}

/**
 * Reads the result of a job that `reader` may see. `not-final` before there is one, `not-found` also once it has
 * expired.
 */
export async function readResult(
  ports: { jobs: Pick<JobStore, "read" | "readResult"> },
  reader: Principal,
  jobId: string,
): Promise<{ outcome: "found"; result: JobResult } | { outcome: "not-final"; job: Job } | { outcome: "not-found" }> {
  const job = await readJob(ports, reader, jobId);
  if (!job) return { outcome: "not-found" };
  if (!isFinal(job.status)) return { outcome: "not-final", job };
  const result = await ports.jobs.readResult(jobId);
  return result ? { outcome: "found", result } : { outcome: "not-found" };
}
