import { setTimeout as pause } from "node:timers/promises";
import type { Firestore, QueryDocumentSnapshot, QuerySnapshot, Timestamp } from "@google-cloud/firestore";
import { batonDocuments, jobIn, resultIn } from "./documents.ts";
import { type Change, createWitness, type Witness } from "./witness.ts";

/** The observations so far. */
export interface Observation extends Pick<Witness, "seen" | "jobs" | "results"> {
  /** Stops, after one look at all documents; rejects when Firestore does not answer. */
  finish(): Promise<void>;
  /** Stops at once. */
  stop(): void;
}

const LOOK_EVERY_MS = 250;
/** A look at many jobs takes the emulator long: it is then left alone for six times as long, up to this. */
const MAX_REST_MS = 2000;
/** A write carries the time of its decision: it may take so long to be seen, with its database stopped in between. */
const LATEST_WRITE_MS = 8000;
/** So often everything is looked at: a write may come later still. */
const LOOK_AT_ALL_EVERY_MS = 15_000;

/**
 * Reads the documents that changed, several times a second, in a cloud that has no other jobs, and keeps the broken
 * promises that it sees. It does not listen: the emulator sends a listener all documents at every write, which for
 * 2,000 jobs would take all of its time. `slots`: how many jobs each owner may have active.
 */
export function observe(db: Firestore, slots: ReadonlyMap<string, number>): Observation {
  const witness = createWitness(slots);
  const { allJobs, allResults, jobsInFlight, jobsChangedSince, resultsSince } = batonDocuments(db);
  const changedJobs = changesOf(jobIn);
  const changedResults = changesOf(resultIn);
  const stopping = new AbortController();
  const { signal } = stopping;

  async function look(since: Date): Promise<void> {
    const [inFlight, ...changed] = await Promise.all([
      jobsInFlight.get(),
      jobsChangedSince(since).get(),
      resultsSince(since).get(),
    ]);
    witness.showInFlight(inFlight.docs.map(jobIn));
    witness.showJobs(changedJobs(changed[0]));
    witness.showResults(changedResults(changed[1]));
  }

  async function lookOn(): Promise<void> {
    for (let [lastMs, lastAllMs] = [0, 0]; !signal.aborted; ) {
      const startedAt = Date.now();
      const isForAll = startedAt - lastAllMs > LOOK_AT_ALL_EVERY_MS;
      try {
        await look(new Date(isForAll ? 0 : lastMs - LATEST_WRITE_MS));
        lastMs = startedAt;
        if (isForAll) lastAllMs = startedAt;
      } catch {
        // The database is made to fail; what was missed is seen by the next look.
      }
      const restMs = Math.min(Math.max(6 * (Date.now() - startedAt), LOOK_EVERY_MS), MAX_REST_MS);
      await pause(restMs, undefined, { signal }).catch(() => undefined);
    }
  }
  const looking = lookOn();

  return {
    ...witness,
    stop: () => stopping.abort(),
    async finish() {
      stopping.abort();
      await looking;
      const [jobs, results] = await Promise.all([allJobs.get(), allResults.get()]);
      witness.showJobs([...changedJobs(jobs), ...gone(witness.jobs, jobs)]);
      witness.showResults([...changedResults(results), ...gone(witness.results, results)]);
    },
  };
}

/** Answers the documents of a snapshot that are not as they were the last time. */
function changesOf<T>(parse: (document: QueryDocumentSnapshot) => T): (snapshot: QuerySnapshot) => Change<T>[] {
  const lastSeen = new Map<string, Timestamp>();
  return ({ docs }) =>
    docs.flatMap((doc) => {
      if (lastSeen.get(doc.id)?.isEqual(doc.updateTime)) return [];
      lastSeen.set(doc.id, doc.updateTime);
      return { document: parse(doc), isGone: false };
    });
}

function gone<T>(known: ReadonlyMap<string, T>, { docs }: QuerySnapshot): Change<T>[] {
  const ids = new Set(docs.map(({ id }) => id));
  return [...known].filter(([id]) => !ids.has(id)).map(([, document]) => ({ document, isGone: true }));
}
