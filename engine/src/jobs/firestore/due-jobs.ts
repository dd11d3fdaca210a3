import { type CollectionReference, type Query, type QueryDocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { stamp } from "../../platform/firestore/documents.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { DueJob, JobStore } from "../ports.ts";

/**
 * The due jobs, for the sweep, on Firestore. A query over all shards is billed as one when it finds nothing, so a
 * deployment at rest pays a read for it, not one a shard (https://firebase.google.com/docs/firestore/pricing); `in`
 * takes up to 30 values (https://firebase.google.com/docs/firestore/query-data/queries).
 */
export function dueJobs(jobs: CollectionReference): Pick<JobStore, "listDue" | "listSleeping" | "putOff"> {
  return {
    listDue: (shards, by, limit) =>
      list(jobs.where("engine.shard", "in", shards).where("engine.dueAt", "<=", stamp(by)), limit),

    listSleeping(after, by, limit) {
      const sleeping = jobs.where("engine.shard", "in", ALL_SHARDS).where("waitingFor", "==", "time");
      const { dueAt, jobId } = after;
      const near = sleeping
        .where("engine.dueAt", jobId === undefined ? ">" : ">=", stamp(dueAt))
        .where("engine.dueAt", "<=", stamp(by));
      return list(near, limit, jobId === undefined ? undefined : [stamp(dueAt), jobId]);
    },

    putOff: (jobId, now, until) =>
      retryConflicts(async () => {
        const job = await jobs.doc(jobId).get();
        const dueAt = job.get("engine.dueAt");
        if (!job.updateTime || !(dueAt instanceof Timestamp) || dueAt.toDate() > now) return;
        await job.ref.update({ "engine.dueAt": stamp(until) }, { lastUpdateTime: job.updateTime });
      }),
  };
}

/** Only what decides who moves the job: the inputs of a page could be some megabytes. */
async function list(query: Query, limit: number, after?: [dueAt: Timestamp, jobId: string]): Promise<DueJob[]> {
  const ordered = query.orderBy("engine.dueAt").orderBy("__name__");
  const rest = after ? ordered.startAfter(...after) : ordered;
  const page = await rest.select("engine.dueAt", "status", "waitingFor", "updatedAt").limit(limit).get();
  return page.docs.map(dueJobFrom);
}

/** Takes every document as it is: the rule that moves the job finds out what is wrong with it. */
function dueJobFrom(document: QueryDocumentSnapshot): DueJob {
  const [dueAt, status, waitingFor, updatedAt] = ["engine.dueAt", "status", "waitingFor", "updatedAt"].map((field) =>
    document.get(field),
  );
  return {
    jobId: document.id,
    dueAt: dueAt instanceof Timestamp ? dueAt.toDate() : new Date(0),
    ...(typeof status === "string" && { status }),
    ...(typeof waitingFor === "string" && { waitingFor }),
    ...(updatedAt instanceof Timestamp && { since: updatedAt.toDate() }),
  };
}
