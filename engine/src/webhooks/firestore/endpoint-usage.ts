import { type DocumentReference, type Firestore, Timestamp, type WriteBatch } from "@google-cloud/firestore";
import { usageAfterErasure } from "../../jobs/firestore/spent-quota.ts";
import { newUsage, ticketQueueExpiry, type Usage } from "../../jobs/rules/usage.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import { toFields } from "../../platform/firestore/documents.ts";

/**
 * How many endpoints an owner has, as long as their usage is still as it was read; without `updateTime` it was not
 * there.
 */
export interface EndpointCount {
  owner: string;
  usageRef: DocumentReference;
  updateTime: Timestamp | undefined;
  endpoints: number;
  /** The first state of a usage that is not there, after an erasure. */
  begins?: Usage | undefined;
}

/**
 * Counts an owner's endpoints after their usage was read: whoever creates or deletes one from then on writes the usage,
 * and fails the commit of this count. The number in the usage itself is for those who cannot count, and may have
 * expired with it.
 */
export async function countEndpoints(db: Firestore, owner: string): Promise<EndpointCount> {
  const usageRef = db.collection(COLLECTIONS.usage).doc(documentIdOf(owner));
  const { updateTime } = await usageRef.get();
  const counted = await db.collection(COLLECTIONS.endpoints).where("owner", "==", owner).count().get();
  const begins = updateTime ? undefined : await usageAfterErasure(db, owner);
  return { owner, usageRef, updateTime, endpoints: counted.data().count, begins };
}

/**
 * Adds the number to the owner's usage, on condition that it is still as it was read; `now` begins a usage that was not
 * there.
 */
export function writeEndpointCount(batch: WriteBatch, count: EndpointCount, now?: Date): void {
  const { owner, usageRef, updateTime, endpoints, begins } = count;
  if (updateTime) {
    const kept = now && { updatedAt: Timestamp.fromDate(now), expireAt: Timestamp.fromDate(ticketQueueExpiry(now)) };
    batch.update(usageRef, { endpoints, ...kept }, { lastUpdateTime: updateTime });
  } else if (now) {
    batch.create(usageRef, toFields({ ...(begins ?? newUsage(owner, now)), endpoints }));
  }
}
