import { FieldValue, type Firestore, type QueryDocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import { type DueResultStore, nextLookAtResult, type ResultStore } from "../../core/due.ts";
import { ALL_SHARDS } from "../../core/shard.ts";

/** gRPC statuses of an update whose document is gone, or was written since it was read. */
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

/** What happens to `results/{jobId}` after its creation. Only `dueAt` is ever written. */
export function firestoreResultStore(db: Firestore): ResultStore & DueResultStore {
  const results = db.collection("results");
  return {
    async settle(jobId) {
      await unless([NOT_FOUND], results.doc(jobId).update({ dueAt: FieldValue.delete() }));
    },

    async takeDue(now, limit) {
      const due = results.where("shard", "in", ALL_SHARDS).where("dueAt", "<=", Timestamp.fromDate(now));
      const page = await due.orderBy("dueAt").select("createdAt").limit(limit).get();
      const taken = await Promise.all(page.docs.map((result) => take(result, now)));
      return taken.filter((jobId) => jobId !== undefined);
    },
  };
}

async function take(result: QueryDocumentSnapshot, now: Date): Promise<string | undefined> {
  const createdAt = result.get("createdAt");
  // A result that says nothing of its end gets its last look, and holds up nobody.
  const next = createdAt instanceof Timestamp ? nextLookAtResult(createdAt.toDate(), now) : undefined;
  const dueAt = next ? Timestamp.fromDate(next) : FieldValue.delete();
  const update = result.ref.update({ dueAt }, { lastUpdateTime: result.updateTime });
  const isTaken = await unless([NOT_FOUND, FAILED_PRECONDITION], update);
  return isTaken ? result.id : undefined;
}

/** True when it was written, false when it failed with one of these gRPC statuses. */
async function unless(codes: readonly unknown[], write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && codes.includes(error.code)) return false;
    throw error;
  }
}
