import type { Firestore } from "@google-cloud/firestore";
import type { DeliveryStore } from "../ports.ts";
import { listAttempts, listDeliveries, listIds, listMissed } from "./delivery-queries.ts";
import { deliveryWrites, readDelivery } from "./delivery-writes.ts";
import { dueDeliveries } from "./due-deliveries.ts";

/**
 * The delivery store on Firestore: `batonDeliveries/{deliveryId}` and its `batonAttempts`. Every change is decided by
 * `moveDelivery` on the stored state, and committed on condition that the state is unchanged (optimistic concurrency).
 */
export function firestoreDeliveryStore(db: Firestore): DeliveryStore {
  return {
    ...deliveryWrites(db),
    ...dueDeliveries(db),
    read: async (deliveryId) => (await readDelivery(db, deliveryId))?.delivery,
    list: (filter) => listDeliveries(db, filter),
    listAttempts: (deliveryId) => listAttempts(db, deliveryId),
    listMissed: (recovery, limit) => listMissed(db, recovery, limit),
    listIds: (endpointId, states, limit) => listIds(db, endpointId, states, limit),
  };
}
