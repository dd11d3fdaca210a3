import { type CollectionReference, type Firestore, type Query, Timestamp } from "@google-cloud/firestore";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import type { Fields } from "../../platform/firestore/documents.ts";
import type { JobFilter, JobStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import { holdsLease } from "../rules/lease.ts";
import { DEFAULT_TIMING, type Timing } from "../rules/timing.ts";
import { dueJobs } from "./due-jobs.ts";
import { jobCollections } from "./job-collections.ts";
import { jobCommands, readKnown } from "./job-commands.ts";
import { jobFrom } from "./job-documents.ts";
import { usageFrom } from "./quota-documents.ts";
import { readInputIn } from "./read-input.ts";
import { readResult } from "./read-result.ts";
import { usageAfterErasure } from "./spent-quota.ts";
import { submitBatch } from "./submit-batch.ts";

/** The job store on Firestore. */
export function firestoreJobStore(db: Firestore, timing: Timing = DEFAULT_TIMING): JobStore {
  const collections = jobCollections(db);
  const { jobs, usage } = collections;
  return {
    submit: submitBatch(collections, timing),
    ...jobCommands(db, collections, timing),
    ...dueJobs(jobs),
    read: async (jobId) => (await readKnown(collections, jobId))?.job,
    watchLease: (jobId, leaseId, then) => watchLease(jobs, jobId, leaseId, then),
    list: (filter) => listJobs(jobs, filter),
    listWaiting: (owner, limit) =>
      idsOf(jobs.where("owner", "==", owner).where("waitingFor", "==", "slot").orderBy("engine.ticket").limit(limit)),
    async readNextInLane(lane) {
      const lowest = jobs.where("engine.lane", "==", lane).orderBy("engine.laneTicket").limit(1);
      const [first] = (await lowest.get()).docs;
      return first?.get("waitingFor") === "lane" ? first.id : undefined;
    },
    listFollowers: (jobId, limit) => idsOf(jobs.where("engine.sharesResultOf", "==", jobId).limit(limit)),
    async readInput(jobId) {
      const fields = (await jobs.doc(jobId).get()).data();
      return fields && readInputIn(collections, jobId, fields);
    },
    readResult: (jobId) => readResult(collections, jobId),
    async readUsage(owner) {
      const fields = (await usage.doc(documentIdOf(owner)).get()).data();
      return fields ? usageFrom(fields) : usageAfterErasure(db, owner);
    },
    countActive: (owner) => countActive(jobs, owner),
  };
}

function watchLease(
  jobs: CollectionReference,
  jobId: string,
  leaseId: string,
  then: (end: "cancelled" | "lease-lost") => void,
): () => void {
  const stop = jobs.doc(jobId).onSnapshot(
    (document) => {
      const end = leaseEnd(document.data(), leaseId);
      if (!end) return;
      stop();
      then(end);
    },
    // The SDK has given the stream up; the attempt's own writes still tell.
    () => undefined,
  );
  return stop;
}

async function listJobs(jobs: CollectionReference, filter: JobFilter): ReturnType<JobStore["list"]> {
  const after = filter.cursor === undefined ? undefined : parseCursor(filter.cursor);
  if (after === "bad-cursor") return after;
  const query = listQuery(jobs, filter);
  const page = await (after ? query.startAfter(after.createdAt, jobs.doc(after.jobId)) : query).get();
  const found = page.docs.slice(0, filter.limit).map((doc) => jobFrom(doc.data()));
  const last = found.at(-1);
  return { jobs: found, ...(page.size > filter.limit && last && { nextCursor: cursorAt(last) }) };
}

async function countActive(jobs: CollectionReference, owner: string): ReturnType<JobStore["countActive"]> {
  const withTicket = jobs.where("owner", "==", owner).orderBy("engine.ticket");
  const queries = [withTicket, withTicket.where("waitingFor", "==", "slot")];
  const [all = 0, waiting = 0] = await Promise.all(
    queries.map(async (query) => (await query.count().get()).data().count),
  );
  return { active: Math.max(0, all - waiting), waiting };
}

async function idsOf(query: Query): Promise<string[]> {
  return (await query.select().get()).docs.map((doc) => doc.id);
}

function leaseEnd(fields: Fields | undefined, leaseId: string): "cancelled" | "lease-lost" | undefined {
  const job = fields && jobFrom(fields);
  if (!job || !holdsLease(job, leaseId)) return "lease-lost";
  return job.cancelRequested ? "cancelled" : undefined;
}

/** One more than asked for, to know whether there is a next page. */
function listQuery(jobs: Query, filter: JobFilter): Query {
  let query = jobs.where("owner", "==", filter.owner);
  if (filter.status) query = query.where("status", "==", filter.status);
  if (filter.type) query = query.where("type", "==", filter.type);
  if (filter.tag) query = query.where("tags", "array-contains", filter.tag);
  return query
    .orderBy("createdAt", "desc")
    .orderBy("__name__", "desc")
    .limit(filter.limit + 1);
}

function cursorAt(job: Job): string {
  return Buffer.from(`${job.createdAt.getTime()}:${job.jobId}`).toString("base64url");
}

function parseCursor(cursor: string): { createdAt: Timestamp; jobId: string } | "bad-cursor" {
  const match = /^(\d{1,14}):([A-Za-z0-9]{20})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (!match?.[1] || !match[2]) return "bad-cursor";
  return { createdAt: Timestamp.fromMillis(Number(match[1])), jobId: match[2] };
}
