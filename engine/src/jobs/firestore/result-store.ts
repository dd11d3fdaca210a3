import { FieldValue, type Firestore, type QueryDocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { clearDue } from "../../platform/firestore/clear-due.ts";
import { isConflict } from "../../platform/firestore/optimistic-retry.ts";
import type { ResultStore } from "../ports.ts";
import { nextResultRecheckAt } from "../rules/recheck.ts";
import { jobCollections } from "./job-collections.ts";
import { readWebhookUrl } from "./webhook-url.ts";

/**
 * The result store on Firestore: `batonResults/{jobId}` after its creation. Only `dueAt` is ever written. The URL to
 * tell is beside the job.
 */
export function firestoreResultStore(db: Firestore): ResultStore {
  const { results, webhookUrlOf } = jobCollections(db);
  return {
    exists: async (jobId) => (await results.doc(jobId).get()).exists,

    readWebhookUrl: (jobId) => readWebhookUrl(webhookUrlOf(jobId)),

    settle: (jobId) => clearDue(results.doc(jobId)),

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
  // A result that says nothing of its end gets its last look, and does not hold up the others.
  const next = createdAt instanceof Timestamp ? nextResultRecheckAt(createdAt.toDate(), now) : undefined;
  const dueAt = next ? Timestamp.fromDate(next) : FieldValue.delete();
  try {
    await result.ref.update({ dueAt }, { lastUpdateTime: result.updateTime });
    return result.id;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}
