import { firestoreErasures } from "../erasure/firestore/erasures.ts";
import { firestoreExpiredDocuments } from "../erasure/firestore/expired-documents.ts";
import { firestoreResultStore } from "../jobs/firestore/result-store.ts";
import { staggeredResume } from "../webhooks/deliver/staggered-resume.ts";
import { firestoreAlertStore } from "../webhooks/firestore/alert-store.ts";
import { firestoreDeliveryStore } from "../webhooks/firestore/delivery-store.ts";
import { firestoreRecoveryStore } from "../webhooks/firestore/recovery-store.ts";
import type { Deployment } from "./deployment.ts";
import { filesOf } from "./file-ports.ts";
import { type SweepPorts, sweep } from "./run-sweep.ts";
import { sharedPorts } from "./shared-ports.ts";
import { endpointsOf } from "./webhook-ports.ts";

/** Function `sweep`: finds the documents whose `dueAt` has passed. */
export function sweepHandler(deployment: Deployment): () => Promise<void> {
  const config = deployment.config();
  const { mailCollection, sweep: settings } = config;
  const { database, ...shared } = sharedPorts(deployment, filesOf);
  const files = filesOf(database, config);
  const ports: SweepPorts = {
    ...shared,
    results: firestoreResultStore(database),
    deliveries: firestoreDeliveryStore(database),
    recoveries: firestoreRecoveryStore(database),
    alerts: firestoreAlertStore(database),
    endpoints: endpointsOf(database, config),
    staggeredResume: staggeredResume(shared.clock),
    ...(files && { files: { due: files.records, objects: files.objects } }),
    erasures: firestoreErasures(database, {
      ...(mailCollection !== "" && { mailCollection }),
      ...(files && { objects: files.objects }),
    }),
    ...(settings.deleteExpired && { expired: firestoreExpiredDocuments(database) }),
    lookAheadMs: settings.lookAheadMs,
  };
  return async () => void (await sweep(ports));
}
