import type { Firestore } from "@google-cloud/firestore";
import { jobCollections } from "../../engine/src/jobs/firestore/job-collections.ts";
import { firestoreJobStore } from "../../engine/src/jobs/firestore/job-store.ts";
import { createJob } from "../../engine/src/jobs/firestore/job-writes.ts";
import type { MemoryJobStore } from "../../engine/src/testing/memory-job-store.ts";

/** The job store on Firestore, which a test can also give a job in any state. */
export function openJobStore(db: Firestore): MemoryJobStore {
  return {
    ...firestoreJobStore(db),
    async put(job, input) {
      const batch = db.batch();
      createJob(jobCollections(db), batch, job, input);
      await batch.commit();
    },
  };
}
