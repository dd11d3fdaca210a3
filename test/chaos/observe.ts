import type { DocumentChange, Firestore } from "@google-cloud/firestore";
import { jobFrom, resultFrom } from "../../functions/src/gcp/firestore/job-documents.ts";
import { type Change, createWitness, type Witness } from "./witness.ts";

/** What was seen so far, until `stop`. */
export interface Observation extends Pick<Witness, "seen" | "jobs" | "results"> {
  stop(): void;
}

/**
 * Listens to all jobs and results of a cloud that has no others, as a browser would, and keeps what must never be seen.
 * `slots` says how many jobs each owner may have in flight.
 */
export function observe(db: Firestore, slots: ReadonlyMap<string, number>): Observation {
  const witness = createWitness(slots);
  // A listener that has ended sees no further end of a job: the run says that they did not end.
  const ignore = () => undefined;
  const stopJobs = db
    .collection("jobs")
    .onSnapshot((snapshot) => witness.showJobs(snapshot.docChanges().map((change) => read(change, jobFrom))), ignore);
  const stopResults = db
    .collection("results")
    .onSnapshot(
      (snapshot) => witness.showResults(snapshot.docChanges().map((change) => read(change, resultFrom))),
      ignore,
    );
  return {
    ...witness,
    stop() {
      stopJobs();
      stopResults();
    },
  };
}

function read<T>({ type, doc }: DocumentChange, parse: (fields: Record<string, unknown>) => T): Change<T> {
  return { document: parse(doc.data()), isGone: type === "removed" };
}
