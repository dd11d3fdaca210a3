import { handleDelivery, type ReceivedDelivery } from "../webhooks/deliver/handle-delivery.ts";
import { firestoreRecoveryStore } from "../webhooks/firestore/recovery-store.ts";
import type { Deployment } from "./deployment.ts";
import { deliveryPorts } from "./notify.ts";

/** Function `deliver`: makes further attempts of deliveries, and the other work that `handleDelivery` lists. */
export function deliverHandler(deployment: Deployment): (message: ReceivedDelivery) => Promise<void> {
  const { ports, database, jobs } = deliveryPorts(deployment);
  const all = { ...ports, jobs, recoveries: firestoreRecoveryStore(database) };
  return (message) => handleDelivery(all, message);
}
