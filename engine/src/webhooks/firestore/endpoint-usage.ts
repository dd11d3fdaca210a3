import { type DocumentReference, type Firestore, Timestamp, type WriteBatch } from "@google-cloud/firestore";
import { usageAfterErasure } from "../../jobs/firestore/spent-quota.ts";
import { newUsage, ticketQueueExpiry, type Usage } from "../../jobs/rules/usage.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import { toFields } from "../../platform/firestore/documents.ts";

/**
 * The number of an owner's endpoints, valid while the usage is unchanged. `updateTime` is absent when there is no
 * usage.
 */
export interface EndpointCount {
  owner: string;
  usageRef: DocumentReference;
  updateTime: Timestamp | undefined;
  endpoints: number;
  /** The initial state of a usage that does not exist, after an erasure. */
  begins?: Usage | undefined;
}

/**
 * Counts the endpoints of an owner after reading their usage. Every creation and deletion writes the usage, so a
 * concurrent one fails the commit of this count. The number in the usage itself is for readers that cannot count; it
 * may have expired.
 */
export async function countEndpoints(db: Firestore, owner: string): Promise<EndpointCount> {
  const usageRef = db.collection(COLLECTIONS.usage).doc(documentIdOf(owner));
  const { updateTime } = await usageRef.get();
  const counted = await db.collection(COLLECTIONS.endpoints).where("owner", "==", owner).count().get();
  const begins = updateTime ? undefined : await usageAfterErasure(db, owner);
  return { owner, usageRef, updateTime, endpoints: counted.data().count, begins };
}

/**
 * Writes the number to the owner's usage, on condition that the usage is unchanged. `now` creates a usage that does not
 * exist.
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
