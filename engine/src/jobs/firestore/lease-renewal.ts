import { Firestore } from "@google-cloud/firestore";
import type { Timing } from "../rules/timing.ts";
import type { Renew } from "../run/lease-guard/guard-leases.ts";
import { firestoreJobStore } from "./job-store.ts";

/** Renews leases of jobs with a client of its own; the job's progress stays as it is. */
export function firestoreRenewal(config: {
  projectId: string;
  database: string;
  leaseMs: number;
  timing: Timing;
}): Renew {
  const { projectId, database: databaseId, leaseMs, timing } = config;
  const jobs = firestoreJobStore(new Firestore({ projectId, databaseId }), timing);
  return async ({ jobId, leaseId }) => {
    const answer = await jobs.apply(jobId, { kind: "progress", leaseId, leaseMs, progress: 0 }, new Date());
    return answer.outcome === "moved";
  };
}
