import {
  collection,
  type DocumentData,
  type Firestore,
  limit,
  onSnapshot,
  orderBy,
  query,
  where,
} from "firebase/firestore";
import { useEffect, useState } from "react";

/** An alert to the owner of a webhook endpoint. */
export interface AlertView {
  alertId: string;
  /** `failing`, `disabled`, `recovered`, or a kind of a newer server, whose message is shown as well. */
  kind: string;
  endpointId: string;
  message: string;
  /** ISO 8601. */
  createdAt: string;
}

/** Most alerts that are followed. */
const NEWEST = 20;

/**
 * Follows the alerts of `owner`, the signed-in uid, newest first, without those dismissed in this browser. Gives no
 * alerts when they cannot be read: webhook events carry the same news, so the rest of the page works without them.
 */
export function useAlerts(firestore: Firestore, owner: string): { alerts: AlertView[]; dismiss: (id: string) => void } {
  const [alerts, setAlerts] = useState<AlertView[]>([]);
  const [dismissed, setDismissed] = useState(readDismissed);
  useEffect(() => {
    const own = query(
      collection(firestore, "batonAlerts"),
      where("owner", "==", owner),
      orderBy("createdAt", "desc"),
      limit(NEWEST),
    );
    return onSnapshot(
      own,
      (snapshot) => setAlerts(snapshot.docs.flatMap((document) => alertOf(document.id, document.data()) ?? [])),
      () => setAlerts([]),
    );
  }, [firestore, owner]);
  const dismiss = (alertId: string) => {
    const ids = [alertId, ...readDismissed()].slice(0, MAX_DISMISSED);
    keepDismissed(ids);
    setDismissed(ids);
  };
  return { alerts: alerts.filter(({ alertId }) => !dismissed.includes(alertId)), dismiss };
}

/** Reads the document of an alert; gives undefined for one that this version cannot read. */
function alertOf(alertId: string, fields: DocumentData): AlertView | undefined {
  const { kind, endpointId, message, createdAt } = fields;
  const at: unknown = typeof createdAt?.toDate === "function" ? createdAt.toDate() : undefined;
  if (typeof kind !== "string" || typeof endpointId !== "string" || typeof message !== "string") return undefined;
  if (!(at instanceof Date)) return undefined;
  return { alertId, kind, endpointId, message, createdAt: at.toISOString() };
}

const KEY = "baton.dismissed-alerts";

/** Most dismissed alerts that are remembered: enough for several owners of this browser. */
const MAX_DISMISSED = 200;

function readDismissed(): string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.map(String) : [];
  } catch {
    // Unreadable storage counts as empty.
    return [];
  }
}

function keepDismissed(ids: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // Full or forbidden storage: the alert is shown again after the next load.
  }
}
