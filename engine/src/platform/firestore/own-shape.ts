import type { Firestore, Query, QueryDocumentSnapshot } from "@google-cloud/firestore";

/**
 * Fields that every document of Baton has in these collections. The first one is its own id. An app may have documents with an owner
 * in collections of the same names: those lack some of these fields, and are never touched.
 */
const SHAPES = {
  jobs: ["jobId", "shard", "history", "maxAttempts"],
  results: ["jobId", "shard", "attempt", "durationMs"],
  deliveries: ["deliveryId", "shard", "attemptCount", "tries"],
  endpoints: ["endpointId", "scheme", "health", "headerNames"],
  notices: ["noticeId", "shard", "kind", "message"],
  recoveries: ["recoveryId", "shard", "resent", "nextSlotAt"],
  deadLetters: ["letterId", "kind", "reason", "receivedAt"],
  lanes: ["laneId", "line", "updatedAt", "expireAt"],
} as const;

/** A collection whose documents name their owner. */
export type OwnedCollection = keyof typeof SHAPES;

/** Fields that are read of a document, besides its shape. */
const READ = ["createdAt", "receivedAt", "jobId", "endpointId", "cache.key"];
const PAGE = 200;

/**
 * Lists the documents of one owner that have Baton's own shape, in the order that `narrow` gives; at most `limit` when there is one.
 * Reads past the app's own documents.
 */
export async function ownDocuments(
  db: Firestore,
  collection: OwnedCollection,
  owner: string,
  {
    narrow = (query) => query,
    limit = Number.POSITIVE_INFINITY,
  }: { narrow?: (query: Query) => Query; limit?: number } = {},
): Promise<QueryDocumentSnapshot[]> {
  const [idField, ...others] = SHAPES[collection];
  const isOwn = (document: QueryDocumentSnapshot) =>
    document.get(idField) === document.id && others.every((field) => document.get(field) !== undefined);
  const pageSize = Math.min(limit, PAGE);
  const query = narrow(db.collection(collection).where("owner", "==", owner))
    .select(...new Set([...SHAPES[collection], ...READ]))
    .limit(pageSize);
  const own: QueryDocumentSnapshot[] = [];
  for (let page = await query.get(); ; ) {
    own.push(...page.docs.filter(isOwn));
    const last = page.docs.at(-1);
    if (!last || page.size < pageSize || own.length >= limit) return own.slice(0, limit);
    page = await query.startAfter(last).get();
  }
}
