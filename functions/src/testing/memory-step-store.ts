import { demandForeignDocument } from "../core/own-documents.ts";
import type { DocumentTransaction, JobStore, StepStore } from "../core/ports.ts";
import { expiryOf } from "../core/retention.ts";
import type { StepRecord } from "../core/step.ts";

/** A step store whose transactions write to `documents`, by path. */
export type MemoryStepStore = StepStore & { documents: ReadonlyMap<string, Record<string, unknown>> };

/** The step store in memory; held to the same contract as Firestore's. */
export function memoryStepStore(jobs: Pick<JobStore, "read">): MemoryStepStore {
  const steps = new Map<string, StepRecord>();
  const documents = new Map<string, Record<string, unknown>>();
  const copy = structuredClone;
  const keyOf = (jobId: string, name: string) => JSON.stringify([jobId, name]);

  return {
    documents,
    async read(jobId, name) {
      return copy(steps.get(keyOf(jobId, name)));
    },
    async record({ jobId, leaseId, name }, commit, now) {
      const writes: (() => void)[] = [];
      const output = await commit(transactionOn(documents, writes));
      // Nothing is awaited from here on: the look at the lease and the writes are one operation.
      const job = await jobs.read(jobId);
      if (job?.status !== "processing" || job.lease?.id !== leaseId) return { outcome: "lease-lost" };
      const known = steps.get(keyOf(jobId, name));
      if (known) return { outcome: "recorded", step: copy(known) };
      for (const write of writes) write();
      const { attempt, retentionMs } = job;
      const step = { jobId, name, output, attempt, leaseId, createdAt: now, expireAt: expiryOf(now, retentionMs) };
      steps.set(keyOf(jobId, name), copy(step));
      return { outcome: "recorded", step };
    },
  };
}

function transactionOn(documents: Map<string, Record<string, unknown>>, writes: (() => void)[]): DocumentTransaction {
  const mustExist = (path: string, isThere: boolean) => {
    if (documents.has(path) !== isThere)
      throw new Error(`document ${path} is ${isThere ? "not there" : "there already"}`);
  };
  return {
    async get(path) {
      demandForeignDocument(path);
      if (writes.length > 0) throw new Error("a transaction reads before it writes");
      return structuredClone(documents.get(path));
    },
    create(path, fields) {
      demandForeignDocument(path);
      mustExist(path, false);
      writes.push(() => documents.set(path, structuredClone(fields)));
    },
    set(path, fields) {
      demandForeignDocument(path);
      writes.push(() => documents.set(path, structuredClone(fields)));
    },
    update(path, fields) {
      demandForeignDocument(path);
      mustExist(path, true);
      writes.push(() => documents.set(path, { ...documents.get(path), ...structuredClone(fields) }));
    },
    delete(path) {
      demandForeignDocument(path);
      writes.push(() => documents.delete(path));
    },
  };
}
