import { type Firestore, type Query, Timestamp } from "@google-cloud/firestore";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import type { Fields } from "../../platform/firestore/documents.ts";
import { isConflict, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { JobFilter, JobStore, NotFound } from "../ports.ts";
import { isFinal, type Job } from "../rules/job.ts";
import { holdsLease } from "../rules/lease.ts";
import { promote } from "../rules/promotion.ts";
import { DEFAULT_TIMING, type Timing } from "../rules/timing.ts";
import { type JobCommand, type Transition, transition } from "../rules/transitions.ts";
import { jobCollections } from "./job-collections.ts";
import { engineFieldsOf, jobFrom, resultFrom } from "./job-documents.ts";
import { updateJob } from "./job-writes.ts";
import { payloadOf } from "./payload.ts";
import { readPromotionContext } from "./promotion-context.ts";
import { usageFrom } from "./quota-documents.ts";
import { republishBatch } from "./republish-batch.ts";
import { usageAfterErasure } from "./spent-quota.ts";
import { submitBatch } from "./submit-batch.ts";

/** A job as this process last read or wrote it. */
interface Known {
  job: Job;
  updateTime: Timestamp;
  fields?: Fields;
}

/** Jobs whose lease this process has, at most; the functions run far fewer at once. */
const MAX_HELD = 1000;

/**
 * The job store on Firestore. Every change is decided by `core` on what was read, and committed on condition that it is
 * still so; of two writers at the same moment one reads again. A worker knows the job it holds, so its writes read nothing.
 */
export function firestoreJobStore(db: Firestore, timing: Timing = DEFAULT_TIMING): JobStore {
  const collections = jobCollections(db);
  const { jobs, results, usage, inputOf, outputOf } = collections;
  const held = new Map<string, Known>();

  async function readKnown(jobId: string): Promise<Known | undefined> {
    const { updateTime, ...snapshot } = await jobs
      .doc(jobId)
      .get()
      .then((doc) => ({ updateTime: doc.updateTime, fields: doc.data() }));
    return snapshot.fields && updateTime && { job: jobFrom(snapshot.fields), updateTime, fields: snapshot.fields };
  }

  async function applyTo(known: Known, event: JobCommand, now: Date): Promise<Transition> {
    const answer = transition(known.job, event, now, timing);
    if (answer.outcome === "refused") return answer;
    const batch = db.batch();
    const { jobId } = known.job;
    if (await updateJob(collections, batch, { ...answer, updateTime: known.updateTime })) {
      const [written] = await batch.commit();
      const isHeld = "leaseId" in event && answer.job.status === "processing";
      if (isHeld && written && held.size < MAX_HELD)
        held.set(jobId, { job: answer.job, updateTime: written.writeTime });
      else held.delete(jobId);
    }
    return answer;
  }

  function applyFresh(jobId: string, event: JobCommand, now: Date) {
    return retryConflicts(async () => {
      const known = await readKnown(jobId);
      return known ? { known, answer: await applyTo(known, event, now) } : undefined;
    });
  }

  async function applyAlone(jobId: string, event: JobCommand, now: Date): Promise<Transition | NotFound> {
    return (await applyFresh(jobId, event, now))?.answer ?? { outcome: "not-found" };
  }
  const republish = republishBatch(collections, timing, ({ jobId, now }) =>
    applyAlone(jobId, { kind: "republish" }, now),
  );

  return {
    submit: submitBatch(collections, timing),

    async apply(jobId, event, now) {
      const known = "leaseId" in event ? held.get(jobId) : undefined;
      held.delete(jobId);
      if (known) {
        try {
          const answer = await applyTo(known, event, now);
          if (answer.outcome === "moved") return answer;
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      }
      return event.kind === "republish" ? republish({ jobId, now }) : applyAlone(jobId, event, now);
    },

    async claim(jobId, lease, now) {
      const applied = await applyFresh(jobId, { kind: "claim", ...lease }, now);
      if (!applied) return { outcome: "not-found" };
      const { known, answer } = applied;
      if (answer.outcome === "refused" || isFinal(answer.job.status)) return answer;
      const input = await inputIn(jobId, known.fields ?? {});
      return { ...answer, ...(input !== undefined && { input }) };
    },

    promote: (jobId, now) =>
      retryConflicts(async () => {
        const known = await readKnown(jobId);
        if (!known) return { outcome: "not-found" };
        const around = await readPromotionContext(collections, [known.job], now);
        const answer = promote(known.job, around.of(known.job), now, timing);
        if (answer.outcome === "refused") return answer;
        around.note(answer);
        const batch = db.batch();
        await updateJob(collections, batch, { ...answer, updateTime: known.updateTime });
        around.write(batch);
        await batch.commit();
        return answer;
      }),

    read: async (jobId) => (await readKnown(jobId))?.job,

    watchLease(jobId, leaseId, then) {
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
    },

    async list(filter) {
      const after = filter.cursor === undefined ? undefined : parseCursor(filter.cursor);
      if (after === "bad-cursor") return after;
      const query = listQuery(jobs, filter);
      const page = await (after ? query.startAfter(after.createdAt, jobs.doc(after.jobId)) : query).get();
      const found = page.docs.slice(0, filter.limit).map((doc) => jobFrom(doc.data()));
      const last = found.at(-1);
      return { jobs: found, ...(page.size > filter.limit && last && { nextCursor: cursorAt(last) }) };
    },

    listWaiting: (owner, limit) =>
      idsOf(jobs.where("owner", "==", owner).where("waitingFor", "==", "slot").orderBy("engine.ticket").limit(limit)),

    async readNextTurn(lane) {
      const [first] = (await jobs.where("engine.lane", "==", lane).orderBy("engine.laneTicket").limit(1).get()).docs;
      return first?.get("waitingFor") === "lane" ? first.id : undefined;
    },

    listFollowers: (jobId, limit) => idsOf(jobs.where("engine.sharesResultOf", "==", jobId).limit(limit)),

    async readInput(jobId) {
      const fields = (await jobs.doc(jobId).get()).data();
      return fields && inputIn(jobId, fields);
    },

    async readResult(jobId) {
      const fields = (await results.doc(jobId).get()).data();
      if (!fields) return undefined;
      const apart = fields.outputRef === undefined ? {} : (await outputOf(jobId).get()).data();
      return resultFrom({ ...fields, ...apart });
    },

    async readUsage(owner) {
      const fields = (await usage.doc(documentIdOf(owner)).get()).data();
      return fields ? usageFrom(fields) : usageAfterErasure(db, owner);
    },

    async countActive(owner) {
      const inLine = jobs.where("owner", "==", owner).orderBy("engine.ticket");
      const [all, waiting] = await Promise.all(
        [inLine, inLine.where("waitingFor", "==", "slot")].map(async (some) => (await some.count().get()).data().count),
      );
      return { running: Math.max(0, (all ?? 0) - (waiting ?? 0)), waiting: waiting ?? 0 };
    },
  };

  async function inputIn(jobId: string, fields: Fields) {
    const engine = engineFieldsOf(fields);
    return payloadOf("input", engine.inputRef === undefined ? engine : ((await inputOf(jobId).get()).data() ?? {}));
  }
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
