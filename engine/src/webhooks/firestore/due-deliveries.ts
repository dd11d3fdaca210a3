import { type Firestore, type Query, type QueryDocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { stamp } from "../../platform/firestore/documents.ts";
import { isConflict } from "../../platform/firestore/optimistic-retry.ts";
import type { DueDelivery, DueDeliveryStore } from "../ports.ts";

/**
 * The due deliveries, recoveries and alerts on Firestore. One query over all shards is billed as one when it finds
 * nothing (see `firestoreDueJobs`).
 */
export function firestoreDueDeliveries(db: Firestore): DueDeliveryStore {
  const deliveries = db.collection(COLLECTIONS.deliveries);
  const [recoveries, alerts] = [db.collection(COLLECTIONS.recoveries), db.collection(COLLECTIONS.alerts)];
  return {
    async takeDue(now, until, limit) {
      const taken = await takeAll(deliveries, now, until, limit, ["endpointId", "state"]);
      return taken.map(dueDeliveryFrom);
    },

    async listSleeping(after, by, limit) {
      const pending = deliveries.where("shard", "in", ALL_SHARDS).where("state", "==", "pending");
      const sleeping = pending.where("dueAt", ">", stamp(after)).where("dueAt", "<=", stamp(by));
      const page = await sleeping.orderBy("dueAt").select("dueAt").limit(limit).get();
      return page.docs.map((document) => ({ deliveryId: document.id, dueAt: dueAtOf(document) }));
    },

    takeDueRecoveries: async (now, until, limit) => idsOf(await takeAll(recoveries, now, until, limit)),
    takeDueAlerts: async (now, until, limit) => idsOf(await takeAll(alerts, now, until, limit)),
  };
}

/** Takes the due documents, and answers those that this call got, with these of their fields. */
async function takeAll(documents: Query, now: Date, until: Date, limit: number, fields: string[] = []) {
  const due = documents.where("shard", "in", ALL_SHARDS).where("dueAt", "<=", stamp(now));
  const page = await due
    .orderBy("dueAt")
    .select(...fields)
    .limit(limit)
    .get();
  const taken = await Promise.all(page.docs.map((document) => take(document, until)));
  return page.docs.filter((_, index) => taken[index]);
}

function idsOf(documents: readonly QueryDocumentSnapshot[]): string[] {
  return documents.map(({ id }) => id);
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

/** Accepts damaged fields: `deliver` finds the fault when it reads the delivery. */
function dueDeliveryFrom(document: QueryDocumentSnapshot): DueDelivery {
  const [endpointId, state] = [document.get("endpointId"), document.get("state")];
  return {
    deliveryId: document.id,
    ...(typeof endpointId === "string" && { endpointId }),
    ...(typeof state === "string" && { state }),
  };
}

function dueAtOf(document: QueryDocumentSnapshot): Date {
  const dueAt: unknown = document.get("dueAt");
  return dueAt instanceof Timestamp ? dueAt.toDate() : new Date(0);
}
