import type { CollectionReference, DocumentReference, Firestore } from "@google-cloud/firestore";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";

/** Where everything about jobs is kept. */
export interface JobCollections {
  db: Firestore;
  jobs: CollectionReference;
  results: CollectionReference;
  usage: CollectionReference;
  lanes: CollectionReference;
  cache: CollectionReference;
  /** Documents of their own for payloads that are too large for their owner's document. */
  inputOf(jobId: string): DocumentReference;
  outputOf(jobId: string): DocumentReference;
  /**
   * The URL that is told of the job's end, with the expiry of its job. No client reads it: it may carry credentials.
   */
  webhookUrlOf(jobId: string): DocumentReference;
}

/** Opens the collections about jobs in a database. */
export function jobCollections(db: Firestore): JobCollections {
  const [jobs, results] = [db.collection(COLLECTIONS.jobs), db.collection(COLLECTIONS.results)];
  return {
    db,
    jobs,
    results,
    usage: db.collection(COLLECTIONS.usage),
    lanes: db.collection(COLLECTIONS.lanes),
    cache: db.collection(COLLECTIONS.cache),
    inputOf: (jobId) => jobs.doc(jobId).collection(COLLECTIONS.payloads).doc("input"),
    outputOf: (jobId) => results.doc(jobId).collection(COLLECTIONS.payloads).doc("output"),
    webhookUrlOf: (jobId) => jobs.doc(jobId).collection(COLLECTIONS.payloads).doc("webhook"),
  };
}
