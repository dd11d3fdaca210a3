import { FieldPath, type Firestore, type Query, type QueryDocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import type { DeliveryFilter, DeliveryStore } from "../ports.ts";
import type { Delivery, DeliveryAttempt, DeliveryState } from "../rules/delivery.ts";
import type { Recovery } from "../rules/recovery.ts";
import { attemptFrom, deliveryFrom } from "./delivery-documents.ts";

/** Attempts of one delivery that are listed. */
const MAX_ATTEMPTS = 100;

/** Lists deliveries page by page, newest first. */
export async function listDeliveries(db: Firestore, filter: DeliveryFilter): ReturnType<DeliveryStore["list"]> {
  const after = filter.cursor === undefined ? undefined : parseCursor(filter.cursor);
  if (after === "bad-cursor") return after;
  const deliveries = db.collection(COLLECTIONS.deliveries);
  const query = filteredBy(deliveries, filter);
  const page = await (after ? query.startAfter(after.createdAt, deliveries.doc(after.deliveryId)) : query).get();
  const found = deliveriesIn(page.docs.slice(0, filter.limit));
  const last = found.at(-1);
  return { deliveries: found, ...(page.size > filter.limit && last && { nextCursor: cursorAt(last) }) };
}

/** Lists the last 100 attempts of a delivery, in their order. */
export async function listAttempts(db: Firestore, deliveryId: string): Promise<DeliveryAttempt[]> {
  const attempts = db.collection(COLLECTIONS.deliveries).doc(deliveryId).collection(COLLECTIONS.attempts);
  const last = await attempts.orderBy("number").limitToLast(MAX_ATTEMPTS).get();
  return last.docs.map((document) => attemptFrom(document.data()));
}

/** Lists the deliveries in the span of a recovery after its cursor, the oldest first. */
export async function listMissed(
  db: Firestore,
  { owner, endpointId, since, until, cursor }: Recovery,
  limit: number,
): Promise<Delivery[]> {
  const deliveries = db.collection(COLLECTIONS.deliveries);
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
}

/** Lists the ids of an endpoint's deliveries in one of `states`. */
export async function listIds(
  db: Firestore,
  endpointId: string,
  states: readonly DeliveryState[],
  limit: number,
): Promise<string[]> {
  const deliveries = db.collection(COLLECTIONS.deliveries);
  const wanted = deliveries.where("endpointId", "==", endpointId).where("state", "in", states);
  return (await wanted.limit(limit).select().get()).docs.map(({ id }) => id);
}

function deliveriesIn(documents: readonly QueryDocumentSnapshot[]): Delivery[] {
  return documents.map((document) => deliveryFrom(document.data()));
}

/**
 * Asks for one more than the limit, to know whether there is a next page. Firestore merges the indexes of the filters.
 */
function filteredBy(deliveries: Query, filter: DeliveryFilter): Query {
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
