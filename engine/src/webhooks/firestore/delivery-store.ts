import {
  FieldPath,
  FieldValue,
  type Firestore,
  type Query,
  type QueryDocumentSnapshot,
  Timestamp,
  type WriteResult,
} from "@google-cloud/firestore";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentDiff } from "../../platform/firestore/document-diff.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import { isConflict, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { DeliveryFilter, DeliveryStore } from "../ports.ts";
import type { Delivery, DeliveryCommand, DeliveryTransition } from "../rules/delivery.ts";
import { moveDelivery } from "../rules/move-delivery.ts";
import { attemptFields, attemptFrom, deliveryFrom } from "./delivery-documents.ts";

/** A delivery as this process last read or wrote it. */
interface Known {
  delivery: Delivery;
  updateTime: Timestamp;
}

/** Deliveries this process is sending, at most; their attempts end without a read. */
const MAX_HELD = 1000;
/** Attempts of one delivery that are listed. */
const MAX_ATTEMPTS = 100;

/**
 * The delivery store on Firestore: `deliveries/{deliveryId}` and its `attempts`. Every change is decided by `moveDelivery` on what was
 * read, and committed on condition that it is still so. A sender knows the delivery it holds, so the end of its attempt reads
 * nothing, unless somebody wrote in between.
 */
export function firestoreDeliveryStore(db: Firestore): DeliveryStore {
  const deliveries = db.collection(COLLECTIONS.deliveries);
  const held = new Map<string, Known>();

  function hold(delivery: Delivery, written: WriteResult | undefined): void {
    held.delete(delivery.deliveryId);
    if (delivery.state !== "sending" || !written) return;
    held.set(delivery.deliveryId, { delivery, updateTime: written.writeTime });
    const oldest = held.keys().next().value;
    if (held.size > MAX_HELD && oldest !== undefined) held.delete(oldest);
  }

  async function readKnown(deliveryId: string): Promise<Known | undefined> {
    const document = await deliveries.doc(deliveryId).get();
    const [fields, updateTime] = [document.data(), document.updateTime];
    return fields && updateTime && { delivery: deliveryFrom(fields), updateTime };
  }

  async function applyTo(known: Known, event: DeliveryCommand, now: Date): Promise<DeliveryTransition> {
    const answer = moveDelivery(known.delivery, event, now);
    if (answer.outcome === "refused") return answer;
    const document = deliveries.doc(answer.delivery.deliveryId);
    const batch = db.batch();
    const changes = documentDiff(answer.before, answer.delivery);
    if (Object.keys(changes).length > 0) batch.update(document, changes, { lastUpdateTime: known.updateTime });
    const { record } = answer;
    if (record) batch.set(document.collection(COLLECTIONS.attempts).doc(String(record.number)), attemptFields(record));
    const [written] = await batch.commit();
    hold(answer.delivery, written);
    return answer;
  }

  return {
    createAll: (wanted, settles) =>
      retryConflicts(async (tried) => {
        const result = settles === undefined ? undefined : db.collection(COLLECTIONS.results).doc(settles);
        // At first nothing is known to be there, but for the result.
        const existing = tried === 0 ? new Set(result && [result.id]) : await existingOf(db, wanted, settles);
        const isNew = wanted.map(({ deliveryId }) => !existing.has(deliveryId));
        const created = wanted.filter((_, index) => isNew[index]);
        const batch = db.batch();
        for (const delivery of created) batch.create(deliveries.doc(delivery.deliveryId), toFields(delivery));
        const settled = result && existing.has(result.id);
        if (settled) batch.update(result, { dueAt: FieldValue.delete() });
        if (created.length === 0 && !settled) return isNew;
        const written = await batch.commit();
        for (const [index, delivery] of created.entries()) hold(delivery, written[index]);
        return isNew;
      }),

    async apply(deliveryId, event, now) {
      // Only who began an attempt speaks of its number.
      const known = "number" in event ? held.get(deliveryId) : undefined;
      if (known) {
        held.delete(deliveryId);
        try {
          const answer = await applyTo(known, event, now);
          if (answer.outcome === "moved") return answer;
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      }
      return retryConflicts(async () => {
        const fresh = await readKnown(deliveryId);
        return fresh ? applyTo(fresh, event, now) : { outcome: "not-found" };
      });
    },

    read: async (deliveryId) => (await readKnown(deliveryId))?.delivery,

    async list(filter) {
      const after = filter.cursor === undefined ? undefined : parseCursor(filter.cursor);
      if (after === "bad-cursor") return after;
      const query = listQuery(deliveries, filter);
      const page = await (after ? query.startAfter(after.createdAt, deliveries.doc(after.deliveryId)) : query).get();
      const found = deliveriesIn(page.docs.slice(0, filter.limit));
      const last = found.at(-1);
      return { deliveries: found, ...(page.size > filter.limit && last && { nextCursor: cursorAt(last) }) };
    },

    async listAttempts(deliveryId) {
      const attempts = deliveries
        .doc(deliveryId)
        .collection(COLLECTIONS.attempts)
        .orderBy("number")
        .limitToLast(MAX_ATTEMPTS);
      return (await attempts.get()).docs.map((document) => attemptFrom(document.data()));
    },

    async listMissed({ owner, endpointId, since, until, cursor }, limit) {
      const query = deliveries
        .where("owner", "==", owner)
        .where("endpointId", "==", endpointId)
        .where("createdAt", ">=", Timestamp.fromDate(since))
        .where("createdAt", "<=", Timestamp.fromDate(until))
        .orderBy("createdAt")
        .orderBy(FieldPath.documentId())
        .limit(limit);
      const rest = cursor
        ? query.startAfter(Timestamp.fromDate(cursor.createdAt), deliveries.doc(cursor.deliveryId))
        : query;
      return deliveriesIn((await rest.get()).docs);
    },

    async listIds(endpointId, states, limit) {
      const wanted = deliveries.where("endpointId", "==", endpointId).where("state", "in", states);
      return (await wanted.limit(limit).select().get()).docs.map(({ id }) => id);
    },
  };
}

/** Ids of those of the deliveries, and of the result, that are there. */
async function existingOf(
  db: Firestore,
  wanted: readonly Delivery[],
  result: string | undefined,
): Promise<ReadonlySet<string>> {
  const refs = wanted.map(({ deliveryId }) => db.collection(COLLECTIONS.deliveries).doc(deliveryId));
  if (result !== undefined) refs.push(db.collection(COLLECTIONS.results).doc(result));
  if (refs.length === 0) return new Set();
  const found = await db.getAll(...refs, { fieldMask: ["owner"] });
  return new Set(found.filter(({ exists }) => exists).map(({ id }) => id));
}

function deliveriesIn(documents: readonly QueryDocumentSnapshot[]): Delivery[] {
  return documents.map((document) => deliveryFrom(document.data()));
}

/** One more than asked for, to know whether there is a next page. Several filters are answered by merging the indexes of each. */
function listQuery(deliveries: Query, filter: DeliveryFilter): Query {
  let query = deliveries.where("owner", "==", filter.owner);
  if (filter.endpointId !== undefined) query = query.where("endpointId", "==", filter.endpointId);
  if (filter.jobId !== undefined) query = query.where("jobId", "==", filter.jobId);
  if (filter.state !== undefined) query = query.where("state", "==", filter.state);
  return query
    .orderBy("createdAt", "desc")
    .orderBy(FieldPath.documentId(), "desc")
    .limit(filter.limit + 1);
}

function cursorAt({ createdAt, deliveryId }: Delivery): string {
  return Buffer.from(`${createdAt.getTime()}:${deliveryId}`).toString("base64url");
}

function parseCursor(cursor: string): { createdAt: Timestamp; deliveryId: string } | "bad-cursor" {
  const match = /^(\d{1,14}):(msg_[0-9a-f]{32})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (!match?.[1] || !match[2]) return "bad-cursor";
  return { createdAt: Timestamp.fromMillis(Number(match[1])), deliveryId: match[2] };
}
