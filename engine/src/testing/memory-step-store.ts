import type { JobStore, StepStore } from "../jobs/ports.ts";
import { holdsLease } from "../jobs/rules/lease.ts";
import type { StepRecord } from "../jobs/rules/step.ts";
import { expiryOf } from "../kit/retention.ts";
import { memoryDocuments } from "./memory-documents.ts";

/** A step store whose transactions write to `documents`, by path. */
export type MemoryStepStore = StepStore & { documents: ReadonlyMap<string, Record<string, unknown>> };

/** The step store in memory; held to the same contract as Firestore's. */
export function memoryStepStore(jobs: Pick<JobStore, "read">): MemoryStepStore {
  const steps = new Map<string, StepRecord>();
  const documents = memoryDocuments();
  const copy = structuredClone;
  const keyOf = (jobId: string, name: string) => JSON.stringify([jobId, name]);

  const record: StepStore["record"] = async ({ jobId, leaseId, name }, commit, now) => {
    const transaction = documents.begin(now);
    const output = await commit(transaction.tx);
    // No await from here on: the check of the lease and the writes are atomic.
    const job = await jobs.read(jobId);
    if (!job || !holdsLease(job, leaseId)) return { outcome: "lease-lost" };
    const known = steps.get(keyOf(jobId, name));
    if (known) return { outcome: "recorded", step: copy(known) };
    if (!transaction.isCurrent()) return record({ jobId, leaseId, name }, commit, now);
    transaction.apply();
    const { attempt, retentionMs } = job;
    const step = { jobId, name, output, attempt, leaseId, createdAt: now, expireAt: expiryOf(now, retentionMs) };
    steps.set(keyOf(jobId, name), copy(step));
    return { outcome: "recorded", step };
  };

  return {
    documents: documents.view,
    async recall(jobId, maxBytes) {
      let bytes = 0;
      const all = [...steps.values()].filter((step) => step.jobId === jobId);
      const read = all.filter(({ output }) => {
        bytes += JSON.stringify(output).length;
        return bytes <= maxBytes;
      });
      return { steps: copy(read), isAll: read.length === all.length };
    },
    async read(jobId, name) {
      return copy(steps.get(keyOf(jobId, name)));
    },
    record,
    keep: (step, output, now) => record(step, () => output, now),
  };
}
