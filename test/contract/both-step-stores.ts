import type { JsonValue } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreStepStore } from "../../engine/src/jobs/firestore/step-store.ts";
import type { StepStore } from "../../engine/src/jobs/ports.ts";
import { type MemoryJobStore, memoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { memoryStepStore } from "../../engine/src/testing/memory-step-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, randomOwner } from "../support/jobs.ts";
import { T0 } from "./both-job-stores.ts";

/**
 * A database in which no function runs, apart from that of the job stores: these contracts fill it with large
 * documents.
 */
export const STEP_PROJECT = "demo-step-contracts";

/** The lease of the jobs that `stepWriter` makes. */
export const MINE = { id: "mine", until: new Date("2026-01-01T00:01:00.000Z") };

/** A job store, the store of the steps of its jobs, and the documents beside them. */
export interface StepStores {
  jobs: MemoryJobStore;
  steps: StepStore;
  /** A document as it is stored now. */
  document(path: string): Promise<Record<string, unknown> | undefined>;
}

/** Runs a contract against the fake and against the real emulator; `open` may be called once tests run. */
export function onBothStepStores(contract: (name: string, open: () => StepStores) => void): void {
  contract("the memory store", () => {
    const jobs = memoryJobStore();
    const steps = memoryStepStore(jobs);
    return { jobs, steps, document: async (path) => steps.documents.get(path) };
  });

  describe("with Firestore", () => {
    let db: Firestore;
    before(() => {
      db = openFirestore(STEP_PROJECT);
    });
    after(() => db.terminate());
    contract("Firestore", () => storesOn(db));
  });
}

/** The stores on Firestore. */
export function storesOn(db: Firestore): StepStores {
  return {
    jobs: openJobStore(db),
    steps: firestoreStepStore(db),
    async document(path) {
      const fields = (await db.doc(path).get()).data();
      return fields?.at ? { ...fields, at: fields.at.toDate() } : fields;
    },
  };
}

/** Makes jobs that lease `mine` holds, and writes steps under it. */
export function stepWriter(stores: () => StepStores) {
  const identityOf = (jobId: string, name: string) => ({ jobId, leaseId: MINE.id, name });
  return {
    async held(): Promise<string> {
      const job = aJob({ owner: randomOwner(), status: "processing", attempt: 2, lease: MINE });
      await stores().jobs.put(job, null);
      return job.jobId;
    },
    record: (jobId: string, step: string, commit: Parameters<StepStore["record"]>[1]) =>
      stores().steps.record(identityOf(jobId, step), commit, T0),
    keep: (jobId: string, step: string, output: JsonValue) => stores().steps.keep(identityOf(jobId, step), output, T0),
  };
}
