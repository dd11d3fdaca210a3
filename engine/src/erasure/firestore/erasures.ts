import { FinalStatus } from "@baton/protocol";
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  QueryDocumentSnapshot,
} from "@google-cloud/firestore";
import { usageFrom } from "../../jobs/firestore/quota-documents.ts";
import { spentQuotaRef } from "../../jobs/firestore/spent-quota.ts";
import { spentQuota, type Usage } from "../../jobs/rules/usage.ts";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { childrenOf, deleteAll, deleteUnchanged, unlessConflict } from "../../platform/firestore/delete-documents.ts";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import { stamp, toFields } from "../../platform/firestore/documents.ts";
import type { Erasure, Erasures } from "../ports.ts";
import { type EraseOptions, eraseRest } from "./erase-rest.ts";
import { erasureFrom } from "./erasure-store.ts";
import { ownedDocuments } from "./owned-documents.ts";

const UNENDED = ["pending", "queued", "processing"];
/** Lanes of one owner that are looked at together. */
const LANES = 100;

/**
 * The erasing of an owner's data on Firestore. Parents are deleted after what is theirs: a run that was broken off is
 * repeated and finds the rest by them.
 */
export function firestoreErasures(db: Firestore, options: EraseOptions = {}): Erasures {
  const erasures = db.collection(COLLECTIONS.erasures);
  const jobsOf = ({ owner, requestedAt }: Erasure, statuses: readonly string[], limit: number) =>
    ownedDocuments(db, COLLECTIONS.jobs, owner, {
      // The newest first: so the indexes are.
      narrow: (own) =>
        own.where("status", "in", statuses).where("createdAt", "<=", stamp(requestedAt)).orderBy("createdAt", "desc"),
      limit,
    });

  return {
    async listDue(now, limit) {
      // Over all shards, as every query of the sweep: `dueAt` alone has no index.
      const due = erasures.where("shard", "in", ALL_SHARDS).where("dueAt", "<=", stamp(now));
      const page = await due.orderBy("dueAt").limit(limit).get();
      return page.docs.map((document) => erasureFrom(document.data()));
    },

    listUnended: async (erasure, limit) => (await jobsOf(erasure, UNENDED, limit)).map(({ id }) => id),

    async eraseJobs(erasure, limit) {
      const jobs = await jobsOf(erasure, FinalStatus.options, limit);
      const belongings = await Promise.all(jobs.map((job) => belongingsOf(db, erasure.owner, job)));
      await deleteAll(db, [...belongings.flat(), ...jobs.map(({ ref }) => ref)]);
      return jobs.length;
    },

    eraseRest: (erasure, limit) => eraseRest(db, erasure, limit, options),

    async finish({ owner, requestedAt }, now) {
      for (let lanes = LANES; lanes === LANES; ) lanes = await eraseLines(db, owner, now);
      const request = await erasures.doc(documentIdOf(owner)).get();
      const isSame = request.updateTime && stamp(requestedAt).isEqual(request.get("requestedAt"));
      if (isSame) await deleteUnchanged(request.ref, request.updateTime);
    },

    async putOff({ owner }, until) {
      const request = await erasures.doc(documentIdOf(owner)).get();
      if (!request.updateTime) return;
      await unlessConflict(request.ref.update({ dueAt: stamp(until) }, { lastUpdateTime: request.updateTime }));
    },
  };
}

/** Deletes all documents about a final job, its result last. */
async function belongingsOf(db: Firestore, owner: string, job: QueryDocumentSnapshot): Promise<DocumentReference[]> {
  const result = db.collection(COLLECTIONS.results).doc(job.id);
  const narrow = (own: Query) => own.where("jobId", "==", job.id);
  const [deliveries, deadLetters] = await Promise.all([
    ownedDocuments(db, COLLECTIONS.deliveries, owner, { narrow }),
    ownedDocuments(db, COLLECTIONS.deadLetters, owner, { narrow }),
    forgetOutput(db, job),
  ]);
  const refs = [...deliveries, ...deadLetters].map(({ ref }) => ref);
  const children = await Promise.all([job.ref, ...refs, result].map(childrenOf));
  return [...children.flat(), ...refs, result];
}

/** An entry that names another job by now is not this job's any more. */
async function forgetOutput(db: Firestore, job: QueryDocumentSnapshot): Promise<void> {
  const key: unknown = job.get("engine.cache.key");
  if (typeof key !== "string") return;
  const entry = await db.collection(COLLECTIONS.cache).doc(key).get();
  if (entry.get("jobId") === job.id) await deleteUnchanged(entry.ref, entry.updateTime);
}

/**
 * Deletes the owner's usage and up to `LANES` of their lanes, when no job is left that has a number in them; answers
 * how many lanes there were. They are read before the jobs are looked for, and deleted only if still unchanged: a job
 * that is submitted meanwhile keeps the line it entered.
 */
async function eraseLines(db: Firestore, owner: string, now: Date): Promise<number> {
  const usage = await db.collection(COLLECTIONS.usage).doc(documentIdOf(owner)).get();
  const lanes = await ownedDocuments(db, COLLECTIONS.lanes, owner, { limit: LANES });
  const job = await ownedDocuments(db, COLLECTIONS.jobs, owner, { limit: 1 });
  if (job.length > 0) return 0;
  // An endpoint from after the request is counted in the usage.
  const endpoint = await ownedDocuments(db, COLLECTIONS.endpoints, owner, { limit: 1 });
  if (endpoint.length === 0) await eraseUsage(db, owner, usage, now);
  await Promise.all(lanes.map(({ ref, updateTime }) => deleteUnchanged(ref, updateTime)));
  return lanes.length;
}

/**
 * Deletes the usage, and keeps the used quota of the day in the same commit, under a name that does not tell the owner.
 */
async function eraseUsage(db: Firestore, owner: string, usage: DocumentSnapshot, now: Date): Promise<void> {
  const used = readable(usage);
  if (!used || !usage.updateTime) return;
  const spent = spentQuota(used, now);
  const batch = db.batch();
  batch.delete(usage.ref, { lastUpdateTime: usage.updateTime });
  if (spent) batch.set(spentQuotaRef(db, owner), toFields(spent));
  await unlessConflict(batch.commit());
}

/** The usage of that document; undefined when it cannot be read: its TTL deletes it then. */
function readable(document: DocumentSnapshot): Usage | undefined {
  const fields = document.data();
  try {
    return fields && usageFrom(fields);
  } catch {
    return undefined;
  }
}
