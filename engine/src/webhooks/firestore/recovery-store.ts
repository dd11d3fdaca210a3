import { isDeepStrictEqual } from "node:util";
import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentDiff } from "../../platform/firestore/document-diff.ts";
import { type Fields, fromFields, toFields } from "../../platform/firestore/documents.ts";
import { isConflict, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { read } from "../../platform/firestore/read-document.ts";
import type { RecoveryStore } from "../ports.ts";
import type { Recovery } from "../rules/recovery.ts";
import { takeDue } from "./take-due.ts";

const StoredRecovery: z.ZodType<Recovery> = z.object({
  recoveryId: z.string(),
  owner: z.string(),
  endpointId: z.string(),
  since: z.date(),
  until: z.date(),
  state: z.enum(["running", "complete"]),
  seen: z.int(),
  resent: z.int(),
  cursor: z.object({ createdAt: z.date(), deliveryId: z.string() }).exactOptional(),
  nextSlotAt: z.date(),
  dueAt: z.date().exactOptional(),
  shard: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
  expireAt: z.date(),
});

const MAX_LISTED = 20;

/** The recovery store on Firestore: `batonRecoveries/{recoveryId}`. */
export function firestoreRecoveryStore(db: Firestore): RecoveryStore {
  const recoveries = db.collection(COLLECTIONS.recoveries);
  const listOf = async (endpointId: string): Promise<Recovery[]> => {
    const newest = recoveries.where("endpointId", "==", endpointId).orderBy("createdAt", "desc").limit(MAX_LISTED);
    return (await newest.get()).docs.map((document) => recoveryFrom(document.data()));
  };
  return {
    begin: (recovery) =>
      retryConflicts(async (tried) => {
        const endpoint = await db.collection(COLLECTIONS.endpoints).doc(recovery.endpointId).get();
        if (!endpoint.updateTime) return undefined;
        // A try whose answer was lost may have been committed.
        if (tried > 0 && endpoint.get("newestRecoveryId") === recovery.recoveryId) return { outcome: "begun" };
        // Read after the endpoint, which every begin writes: a concurrent begin fails this commit.
        const running = (await listOf(recovery.endpointId)).find(({ state }) => state === "running");
        if (running) return { outcome: "running", recovery: running };
        const batch = db.batch();
        const mark = { newestRecoveryId: recovery.recoveryId };
        batch.update(endpoint.ref, mark, { lastUpdateTime: endpoint.updateTime });
        batch.create(recoveries.doc(recovery.recoveryId), toFields(recovery));
        await batch.commit();
        return { outcome: "begun" };
      }),

    read: async (recoveryId) => (await read(true, recoveries.doc(recoveryId), recoveryFrom)).value,

    async advance(before, after) {
      const { value, updateTime } = await read(true, recoveries.doc(before.recoveryId), recoveryFrom);
      if (!value || !updateTime || !isSameBut("dueAt", value, before)) return false;
      const changes = documentDiff(value, after);
      if (Object.keys(changes).length === 0) return true;
      try {
        await recoveries.doc(before.recoveryId).update(changes, { lastUpdateTime: updateTime });
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    },

    listOf,
    takeDue: async (now, until, limit) => (await takeDue(recoveries, now, until, limit)).map(({ id }) => id),
  };
}

/**
 * Compares without `dueAt`: the sweep changes it whenever it publishes a recovery, and that does not take the page from
 * its worker.
 */
function isSameBut(field: "dueAt", one: Recovery, other: Recovery): boolean {
  const { [field]: _, ...ones } = one;
  const { [field]: __, ...others } = other;
  return isDeepStrictEqual(ones, others);
}

function recoveryFrom(fields: Fields): Recovery {
  return StoredRecovery.parse(fromFields(fields));
}
