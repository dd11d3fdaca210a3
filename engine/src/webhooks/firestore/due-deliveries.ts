import { type Firestore, type QueryDocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { stamp } from "../../platform/firestore/documents.ts";
import type { DeliveryStore, DueDelivery } from "../ports.ts";
import { takeDue } from "./take-due.ts";

/** The part of the delivery store on Firestore that the sweep uses. */
export function dueDeliveries(db: Firestore): Pick<DeliveryStore, "takeDue" | "listSleeping"> {
  const deliveries = db.collection(COLLECTIONS.deliveries);
  return {
    async takeDue(now, until, limit) {
      const taken = await takeDue(deliveries, now, until, limit, ["endpointId", "state"]);
      return taken.map(dueDeliveryFrom);
    },

    async listSleeping(after, by, limit) {
      const pending = deliveries.where("shard", "in", ALL_SHARDS).where("state", "==", "pending");
      const sleeping = pending.where("dueAt", ">", stamp(after)).where("dueAt", "<=", stamp(by));
      const page = await sleeping.orderBy("dueAt").select("dueAt").limit(limit).get();
      return page.docs.map((document) => ({ deliveryId: document.id, dueAt: dueAtOf(document) }));
    },
  };
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
