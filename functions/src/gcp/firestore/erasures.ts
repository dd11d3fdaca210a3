import { FinalStatus } from "@baton/protocol";
import {
  type DocumentReference,
  type Firestore,
  type Query,
  type QueryDocumentSnapshot,
  Timestamp,
} from "@google-cloud/firestore";
import { z } from "zod";
import type { Erasure, Erasures } from "../../core/erasure.ts";
import { sendPaceKey } from "../../core/webhooks/send-pace.ts";
import { documentIdOf } from "./document-id.ts";
import { fromFields } from "./documents.ts";
import { countEndpoints, writeEndpointCount } from "./endpoint-usage.ts";
import { isConflict, retryConflicts } from "./optimistic.ts";

const StoredErasure: z.ZodType<Erasure> = z.object({
  owner: z.string(),
  requestedAt: z.date(),
  dueAt: z.date().exactOptional(),
  shard: z.int(),
  expireAt: z.date(),
});

const UNENDED = ["pending", "queued", "processing"];
/** A commit has at most 500 writes here; deletes of large documents weigh more than others. */
const BATCH = 200;
/** Lanes of one owner that are looked at together. */
const LANES = 100;

/** The erasing of an owner's data on Firestore. Parents are deleted after what is theirs: whoever goes on later finds it by them. */
export function firestoreErasures(db: Firestore): Erasures {
  const erasures = db.collection("erasures");
  const jobsOf = ({ owner, requestedAt }: Erasure, statuses: readonly string[]) =>
    before(db.collection("jobs").where("owner", "==", owner).where("status", "in", statuses), "createdAt", requestedAt);

  return {
    async listDue(now, limit) {
      const page = await erasures.where("dueAt", "<=", stamp(now)).orderBy("dueAt").limit(limit).get();
      return page.docs.map((document) => StoredErasure.parse(fromFields(document.data())));
    },

    listUnended: async (erasure, limit) => (await idsIn(jobsOf(erasure, UNENDED), limit)).map(({ id }) => id),

    async eraseJobs(erasure, limit) {
      const jobs = await jobsOf(erasure, FinalStatus.options).select("cache.key").limit(limit).get();
      const belongings = await Promise.all(jobs.docs.map((job) => belongingsOf(db, erasure.owner, job)));
      await deleteAll(db, [...belongings.flat(), ...jobs.docs.map(({ ref }) => ref)]);
      return jobs.size;
    },

    async eraseRest({ owner, requestedAt }, limit) {
      const ownIn = (collection: string) => db.collection(collection).where("owner", "==", owner);
      const oldIn = async (collection: string, field = "createdAt") =>
        refsOf(await idsIn(before(ownIn(collection), field, requestedAt), limit));
      const [endpoints, results, deliveries, ...others] = await Promise.all([
        endpointsBefore(ownIn("endpoints"), requestedAt).then(refsOf),
        oldIn("results"),
        oldIn("deliveries"),
        oldIn("notices"),
        oldIn("recoveries"),
        oldIn("deadLetters", "receivedAt"),
      ]);
      const children = await Promise.all([
        ...endpoints.map((ref) => refsIn(ref, "secrets")),
        ...results.map((ref) => refsIn(ref, "payloads")),
        ...deliveries.map((ref) => refsIn(ref, "attempts")),
      ]);
      const paces = endpoints.map(({ id }) => db.collection("paces").doc(id));
      const parents = [...endpoints, ...results, ...deliveries, ...others.flat()];
      await deleteAll(db, [...children.flat(), ...paces, ...parents]);
      if (endpoints.length > 0) await recountEndpoints(db, owner);
      return parents.length;
    },

    async finish({ owner, requestedAt }) {
      for (let lanes = LANES; lanes === LANES; ) lanes = await eraseLines(db, owner);
      await db
        .collection("paces")
        .doc(documentIdOf(sendPaceKey(owner)))
        .delete();
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

/** All that was written about a job that has ended. */
async function belongingsOf(db: Firestore, owner: string, job: QueryDocumentSnapshot): Promise<DocumentReference[]> {
  const result = db.collection("results").doc(job.id);
  const ownIn = (collection: string) => db.collection(collection).where("owner", "==", owner);
  const [own, others] = await Promise.all([
    Promise.all([refsIn(job.ref, "steps"), refsIn(job.ref, "payloads"), refsIn(result, "payloads")]),
    Promise.all(
      ["deliveries", "deadLetters"].map((collection) => idsIn(ownIn(collection).where("jobId", "==", job.id))),
    ),
    forgetOutput(db, job),
  ]);
  const refs = refsOf(others.flat());
  const attempts = await Promise.all(refs.map((ref) => refsIn(ref, "attempts")));
  return [...own.flat(), ...attempts.flat(), ...refs, result];
}

/** An entry that names another job by now is not this job's any more. */
async function forgetOutput(db: Firestore, job: QueryDocumentSnapshot): Promise<void> {
  const key: unknown = job.get("cache.key");
  if (typeof key !== "string") return;
  const entry = await db.collection("cache").doc(key).get();
  if (entry.get("jobId") === job.id) await deleteUnchanged(entry.ref, entry.updateTime);
}

/** Their instants are in no index; an owner has few. One without an instant goes as well. */
async function endpointsBefore(own: Query, instant: Date): Promise<QueryDocumentSnapshot[]> {
  const { docs } = await own.select("createdAt").get();
  return docs.filter((endpoint) => {
    const createdAt: unknown = endpoint.get("createdAt");
    return !(createdAt instanceof Timestamp && createdAt > stamp(instant));
  });
}

/**
 * Deletes the owner's usage and up to `LANES` of their lanes, when no job is left that has a number in them; answers how
 * many lanes there were. They are read before the jobs are looked for, and deleted only if still unchanged: a job that is
 * submitted meanwhile keeps the line it entered.
 */
async function eraseLines(db: Firestore, owner: string): Promise<number> {
  const usage = await db.collection("usage").doc(documentIdOf(owner)).get();
  const lanes = await db.collection("lanes").where("owner", "==", owner).limit(LANES).get();
  const job = await idsIn(db.collection("jobs").where("owner", "==", owner), 1);
  if (job.length > 0) return 0;
  // An endpoint from after the request is counted in the usage.
  const endpoint = await idsIn(db.collection("endpoints").where("owner", "==", owner), 1);
  await Promise.all(
    [...(endpoint.length > 0 ? [] : [usage]), ...lanes.docs].map(({ ref, updateTime }) =>
      deleteUnchanged(ref, updateTime),
    ),
  );
  return lanes.size;
}

/** The usage says how many endpoints are left; when it is not there, nothing has to. */
function recountEndpoints(db: Firestore, owner: string): Promise<void> {
  return retryConflicts(async () => {
    const count = await countEndpoints(db, owner);
    const batch = db.batch();
    writeEndpointCount(batch, count);
    await batch.commit();
  });
}

/** The newest first: so the indexes are. */
function before(query: Query, field: string, instant: Date): Query {
  return query.where(field, "<=", stamp(instant)).orderBy(field, "desc");
}

async function idsIn(query: Query, limit?: number): Promise<QueryDocumentSnapshot[]> {
  return (await (limit === undefined ? query : query.limit(limit)).select().get()).docs;
}

async function refsIn(parent: DocumentReference, collection: string): Promise<DocumentReference[]> {
  return refsOf(await idsIn(parent.collection(collection)));
}

function refsOf(documents: readonly QueryDocumentSnapshot[]): DocumentReference[] {
  return documents.map(({ ref }) => ref);
}

/** In order, some at a time. */
async function deleteAll(db: Firestore, refs: readonly DocumentReference[]): Promise<void> {
  for (let start = 0; start < refs.length; start += BATCH) {
    const batch = db.batch();
    for (const ref of refs.slice(start, start + BATCH)) batch.delete(ref);
    await batch.commit();
  }
}

async function deleteUnchanged(ref: DocumentReference, updateTime: Timestamp | undefined): Promise<void> {
  if (updateTime) await unlessConflict(ref.delete({ lastUpdateTime: updateTime }));
}

async function unlessConflict(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    // Somebody else wrote it meanwhile, and needs it.
    if (!isConflict(error)) throw error;
  }
}

function stamp(instant: Date): Timestamp {
  return Timestamp.fromDate(instant);
}
