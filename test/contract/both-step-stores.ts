import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreStepStore } from "../../engine/src/jobs/firestore/step-store.ts";
import type { StepStore } from "../../engine/src/jobs/ports.ts";
import { type MemoryJobStore, memoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { memoryStepStore } from "../../engine/src/testing/memory-step-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";

/** A job store, and the store of the steps of its jobs. */
export interface StepStores {
  jobs: MemoryJobStore;
  steps: StepStore;
}

/** Runs a contract against the fake and against the real emulator; `open` may be called once tests run. */
export function onBothStepStores(contract: (name: string, open: () => StepStores) => void): void {
  contract("the memory store", () => {
    const jobs = memoryJobStore();
    return { jobs, steps: memoryStepStore(jobs) };
  });

  describe("with Firestore", () => {
    let db: Firestore;
    before(() => {
      db = openFirestore(CONTRACT_PROJECT);
    });
    after(() => db.terminate());
    contract("Firestore", () => ({ jobs: openJobStore(db), steps: firestoreStepStore(db) }));
  });
}
