import type { Firestore, QueryDocumentSnapshot } from "@google-cloud/firestore";
import { jobCollections } from "../../engine/src/jobs/firestore/job-collections.ts";
import { engineFieldsOf, jobFrom, resultFrom } from "../../engine/src/jobs/firestore/job-documents.ts";
import { cacheEntryFrom } from "../../engine/src/jobs/firestore/quota-documents.ts";
import { firestoreStepStore } from "../../engine/src/jobs/firestore/step-store.ts";
import type { CacheEntry } from "../../engine/src/jobs/rules/cache-entry.ts";
import type { Job, JobResult } from "../../engine/src/jobs/rules/job.ts";
import type { StepRecord } from "../../engine/src/jobs/rules/step.ts";
import type { Fields } from "../../engine/src/platform/firestore/documents.ts";

/*
 * The documents of Baton, as a chaos run reads them. No other file of the run knows their collections, or the fields
 * that only the engine reads.
 */

/** More than the steps of any job of a run take. */
const ALL_STEPS_BYTES = 100 * 1024 * 1024;

/** Opens the queries of a run. */
export function batonDocuments(db: Firestore) {
  const { jobs, results } = jobCollections(db);
  return {
    allJobs: jobs,
    allResults: results,
    jobsInFlight: jobs.where("status", "in", ["queued", "processing"]),
    jobsChangedSince: (instant: Date) => jobs.where("updatedAt", ">=", instant),
    resultsSince: (instant: Date) => results.where("createdAt", ">=", instant),
  };
}

/** A job, and the names of the fields in its document that a job of its status does not have. */
export type SeenJob = Job & { leftOver?: readonly string[] };

/** Parses a document of `allJobs`; throws when it is no job. */
export function jobIn(document: QueryDocumentSnapshot): SeenJob {
  return seenJob(document.data());
}

/**
 * Parses the fields of a job's document. The parser drops what is left over from an earlier status; this keeps the
 * names.
 */
export function seenJob(fields: Fields): SeenJob {
  const job = jobFrom(fields);
  const { engine, ...top } = fields;
  const names = [...Object.keys(top), ...Object.keys(engineFieldsOf({ engine }))];
  return { ...job, leftOver: names.filter((name) => !(name in job) && !name.startsWith("input")) };
}

/** Parses a document of `allResults`; throws when it is no result. */
export function resultIn(document: QueryDocumentSnapshot): JobResult {
  return resultFrom(document.data());
}

/** Reads all entries of the cache. */
export async function readCacheEntries(db: Firestore): Promise<CacheEntry[]> {
  const { docs } = await jobCollections(db).cache.get();
  return docs.map((doc) => cacheEntryFrom(doc.data()));
}

/** Reads the steps of these jobs, by job id. */
export async function readSteps(db: Firestore, jobIds: readonly string[]): Promise<Map<string, StepRecord[]>> {
  const store = firestoreStepStore(db);
  const read = async (jobId: string) => [jobId, (await store.recall(jobId, ALL_STEPS_BYTES)).steps] as const;
  return new Map(await Promise.all(jobIds.map(read)));
}

/** The id of the lease that a job is under, if there is one. */
export function leaseIdOf({ lease }: Job): string | undefined {
  return lease?.id;
}

/** True for a job that has a ticket among its owner's active jobs. */
export function hasTicket({ ticket }: Job): boolean {
  return ticket !== undefined;
}

/** True for a job that may share the output of an equal one. */
export function mayShare({ cache }: Job): boolean {
  return cache !== undefined;
}
