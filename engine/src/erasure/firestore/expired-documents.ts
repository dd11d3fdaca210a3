import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { COLLECTION_FACTS } from "../../platform/firestore/collections.ts";
import type { ExpiredDocuments } from "../delete-expired.ts";

/** The collection groups with a TTL policy. */
const EXPIRING = Object.values(COLLECTION_FACTS).flatMap(({ name, expires }) => (expires ? [name] : []));

/**
 * Does the work of Firestore's TTL policies for the emulator, which has none. In production these queries would fail:
 * `expireAt` has no index there, because instants that only grow make one hot range of it.
 */
export function firestoreExpiredDocuments(db: Firestore): ExpiredDocuments {
  return {
    async deletePage(now, limit) {
      const counts = await Promise.all(EXPIRING.map((group) => deleteFrom(db, group, now, limit)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

async function deleteFrom(db: Firestore, group: string, now: Date, limit: number): Promise<number> {
  const expired = db.collectionGroup(group).where("expireAt", "<=", Timestamp.fromDate(now));
  const page = await expired.select().limit(limit).get();
  if (page.empty) return 0;
  const batch = db.batch();
  for (const document of page.docs) batch.delete(document.ref);
  await batch.commit();
  return page.size;
}
