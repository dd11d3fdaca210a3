import type { Firestore, Query, QueryDocumentSnapshot } from "@google-cloud/firestore";
import type { COLLECTIONS } from "../../platform/firestore/collections.ts";

/** A collection whose documents name their owner. */
export type OwnedCollection = (typeof COLLECTIONS)[
  | "jobs"
  | "results"
  | "deliveries"
  | "endpoints"
  | "alerts"
  | "recoveries"
  | "deadLetters"
  | "files"
  | "lanes"];

/** Fields that an erasure reads. */
const READ = ["createdAt", "receivedAt", "jobId", "endpointId", "engine.cache", "object", "state"];

/** Lists the documents of one owner, in the order that `narrow` gives; at most `limit` when there is one. */
export async function ownedDocuments(
  db: Firestore,
  collection: OwnedCollection,
  owner: string,
  { narrow = (query) => query, limit }: { narrow?: (query: Query) => Query; limit?: number } = {},
): Promise<QueryDocumentSnapshot[]> {
  const query = narrow(db.collection(collection).where("owner", "==", owner)).select(...READ);
  return (await (limit === undefined ? query : query.limit(limit)).get()).docs;
}
