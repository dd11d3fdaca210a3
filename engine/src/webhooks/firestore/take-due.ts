import type { Query, QueryDocumentSnapshot } from "@google-cloud/firestore";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { stamp } from "../../platform/firestore/documents.ts";
import { isConflict } from "../../platform/firestore/optimistic-retry.ts";

/**
 * Takes the documents of all shards that are due by `now`, the longest due first, and sets their next look to `until`.
 * Answers those that this call got, with these of their fields. One query over all shards is billed as one when it
 * finds nothing (see `firestoreDueJobs`).
 */
export async function takeDue(
  documents: Query,
  now: Date,
  until: Date,
  limit: number,
  fields: readonly string[] = [],
): Promise<QueryDocumentSnapshot[]> {
  const due = documents.where("shard", "in", ALL_SHARDS).where("dueAt", "<=", stamp(now)).orderBy("dueAt");
  const page = await due
    .select(...fields)
    .limit(limit)
    .get();
  const taken = await Promise.all(page.docs.map((document) => take(document, until)));
  return page.docs.filter((_, index) => taken[index]);
}

/** Answers false when another writer changed or took the document meanwhile. */
async function take({ ref, updateTime }: QueryDocumentSnapshot, until: Date): Promise<boolean> {
  try {
    await ref.update({ dueAt: stamp(until) }, { lastUpdateTime: updateTime });
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
}
