import type { JobStatus } from "@baton/protocol";

/** True while the lease of that id is the one under which the job is processed: only its holder may write. */
export function holdsLease(
  job: { status: JobStatus | string; lease?: { id: string } | undefined },
  leaseId: string,
): boolean {
  return job.status === "processing" && job.lease?.id === leaseId;
}
