import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@baton/protocol";
import {
  type DocumentReference,
  FieldValue,
  type Firestore,
  type Query,
  Timestamp,
  type Transaction,
} from "@google-cloud/firestore";
import type { Job, JobResult } from "../../core/job.ts";
import type { JobFilter, JobStore } from "../../core/ports.ts";
import { transition } from "../../core/transitions.ts";
import { type Fields, toFields } from "./documents.ts";
import { jobFrom, resultFrom } from "./job-documents.ts";
import { payloadFields, payloadOf } from "./payload.ts";

/** Inputs up to this size ride in the job's own document, which every listener downloads again at each progress (design, section 3). */
const INLINE_INPUT_BYTES = 8 * 1024;
/**
 * Outputs up to this size ride in the result, where a listener has them at once. The result is also the event that
 * `notify` is sent, and an Eventarc event has at most 512 KB (https://docs.cloud.google.com/functions/quotas).
 */
const INLINE_OUTPUT_BYTES = 100 * 1024;
/** gRPC status of a create whose document is there already. */
const ALREADY_EXISTS = 6;

/** The job store on Firestore: one transaction an operation, as `core` decides it. */
export function firestoreJobStore(db: Firestore): JobStore {
  const jobs = db.collection("jobs");
  const results = db.collection("results");
  const inputOf = (jobId: string) => jobs.doc(jobId).collection("payloads").doc("input");
  const outputOf = (jobId: string) => results.doc(jobId).collection("payloads").doc("output");

  return {
    async create(job, input) {
      const payload = placePayload("input", input, INLINE_INPUT_BYTES, inputOf(job.jobId));
      const batch = db.batch();
      batch.create(jobs.doc(job.jobId), { ...toFields(job), ...payload.here });
      if (payload.apart)
        batch.create(inputOf(job.jobId), { ...payload.apart, ...toFields({ expireAt: job.expireAt }) });
      try {
        await batch.commit();
        return "created";
      } catch (error) {
        if (hasCode(error) && error.code === ALREADY_EXISTS) return "exists";
        throw error;
      }
    },

    apply: (jobId, event, now) =>
      db.runTransaction(async (tx) => {
        const before = (await tx.get(jobs.doc(jobId))).data();
        if (!before) return { outcome: "not-found" };
        const job = jobFrom(before);
        const answer = transition(job, event, now);
        if (answer.outcome === "moved") {
          const changes = changesBetween(toFields(job), toFields(answer.job));
          if (Object.keys(changes).length > 0) tx.update(jobs.doc(jobId), changes);
          if (answer.result) createResult(tx, answer.result);
        }
        return answer;
      }),

    async read(jobId) {
      const fields = (await jobs.doc(jobId).get()).data();
      return fields && jobFrom(fields);
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

    async listDue(shard, now, limit) {
      const due = jobs.where("shard", "==", shard).where("dueAt", "<=", Timestamp.fromDate(now));
      const page = await due.orderBy("dueAt").select().limit(limit).get();
      return page.docs.map((doc) => doc.id);
    },

    async readInput(jobId) {
      const fields = (await jobs.doc(jobId).get()).data();
      if (!fields) return undefined;
      return payloadOf("input", fields.inputRef === undefined ? fields : ((await inputOf(jobId).get()).data() ?? {}));
    },

    async readResult(jobId) {
      const fields = (await results.doc(jobId).get()).data();
      if (!fields) return undefined;
      const apart = fields.outputRef === undefined ? {} : (await outputOf(jobId).get()).data();
      return resultFrom({ ...fields, ...apart });
    },
  };

  function createResult(tx: Transaction, { output, ...result }: JobResult): void {
    const own = outputOf(result.jobId);
    const payload = output === undefined ? {} : placePayload("output", output, INLINE_OUTPUT_BYTES, own);
    tx.create(results.doc(result.jobId), { ...toFields(result), ...payload.here });
    if (payload.apart) tx.create(own, { ...payload.apart, ...toFields({ expireAt: result.expireAt }) });
  }
}

/** What of a payload its owner's document holds, and what a document of its own does, when it is over `inlineBytes`. */
function placePayload(name: string, value: JsonValue, inlineBytes: number, own: DocumentReference): Placed {
  const fields = payloadFields(name, value);
  const isInline = Buffer.byteLength(JSON.stringify(value)) <= inlineBytes;
  return isInline ? { here: fields } : { here: { [`${name}Ref`]: own.path }, apart: fields };
}

interface Placed {
  here?: Fields;
  apart?: Fields;
}

/** Only the top-level fields that differ. What else the document holds stays: its input, and fields of a newer version. */
function changesBetween(before: Fields, after: Fields): Fields {
  const changes: Fields = {};
  for (const [key, value] of Object.entries(after)) {
    if (!isDeepStrictEqual(value, before[key])) changes[key] = value;
  }
  for (const key of Object.keys(before)) {
    if (!(key in after)) changes[key] = FieldValue.delete();
  }
  return changes;
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

function hasCode(error: unknown): error is { code: unknown } {
  return typeof error === "object" && error !== null && "code" in error;
}
