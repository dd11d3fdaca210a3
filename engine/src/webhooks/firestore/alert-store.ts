import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import { clearDue } from "../../platform/firestore/clear-due.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { fromFields } from "../../platform/firestore/documents.ts";
import { read } from "../../platform/firestore/read-document.ts";
import type { AlertStore } from "../ports.ts";
import type { Alert } from "../rules/alert.ts";
import { takeDue } from "./take-due.ts";

const StoredAlert: z.ZodType<Alert> = z.object({
  alertId: z.string(),
  owner: z.string(),
  endpointId: z.string(),
  kind: z.enum(["failing", "disabled", "recovered"]),
  percent: z.number().exactOptional(),
  failingSince: z.date().exactOptional(),
  message: z.string(),
  dueAt: z.date().exactOptional(),
  shard: z.int(),
  createdAt: z.date(),
  expireAt: z.date(),
});

/** The alert store on Firestore: `batonAlerts/{alertId}`. */
export function firestoreAlertStore(db: Firestore): AlertStore {
  const alerts = db.collection(COLLECTIONS.alerts);
  const at = (alertId: string) => alerts.doc(alertId);
  return {
    read: async (alertId) => (await read(true, at(alertId), (fields) => StoredAlert.parse(fromFields(fields)))).value,
    settle: (alertId) => clearDue(at(alertId)),
    takeDue: async (now, until, limit) => (await takeDue(alerts, now, until, limit)).map(({ id }) => id),
  };
}
