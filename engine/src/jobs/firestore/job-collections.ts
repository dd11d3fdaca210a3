import type { CollectionReference, DocumentReference, Firestore } from "@google-cloud/firestore";

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
  /** The URL that is told of the job's end, with the expiry of its job. No client reads it: it may carry credentials. */
  webhookUrlOf(jobId: string): DocumentReference;
}

/** Opens the collections about jobs in a database. */
export function jobCollections(db: Firestore): JobCollections {
  const [jobs, results] = [db.collection("jobs"), db.collection("results")];
  return {
    db,
    jobs,
    results,
    usage: db.collection("usage"),
    lanes: db.collection("lanes"),
    cache: db.collection("cache"),
    inputOf: (jobId) => jobs.doc(jobId).collection("payloads").doc("input"),
    outputOf: (jobId) => results.doc(jobId).collection("payloads").doc("output"),
    webhookUrlOf: (jobId) => jobs.doc(jobId).collection("payloads").doc("webhook"),
  };
}
