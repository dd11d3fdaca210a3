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

/** A notice to the owner of a webhook endpoint. */
export interface NoticeView {
  noticeId: string;
  /** `failing`, `disabled`, `recovered`, or a kind of a newer server, whose message is shown as well. */
  kind: string;
  endpointId: string;
  message: string;
  /** ISO 8601. */
  createdAt: string;
}

/** Most notices that are followed. */
const NEWEST = 20;

/**
 * Follows the notices of `owner`, the signed-in uid, newest first, without those dismissed in this browser. Gives no
 * notices when they cannot be read: webhook events carry the same news, so the rest of the page works without them.
 */
export function useNotices(
  firestore: Firestore,
  owner: string,
): { notices: NoticeView[]; dismiss: (id: string) => void } {
  const [notices, setNotices] = useState<NoticeView[]>([]);
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
      (snapshot) => setNotices(snapshot.docs.flatMap((document) => noticeOf(document.id, document.data()) ?? [])),
      () => setNotices([]),
    );
  }, [firestore, owner]);
  const dismiss = (noticeId: string) => {
    const ids = [noticeId, ...readDismissed()].slice(0, MAX_DISMISSED);
    keepDismissed(ids);
    setDismissed(ids);
  };
  return { notices: notices.filter(({ noticeId }) => !dismissed.includes(noticeId)), dismiss };
}

/** Reads the document of a notice; gives undefined for one that this version cannot read. */
function noticeOf(noticeId: string, fields: DocumentData): NoticeView | undefined {
  const { kind, endpointId, message, createdAt } = fields;
  const at: unknown = typeof createdAt?.toDate === "function" ? createdAt.toDate() : undefined;
  if (typeof kind !== "string" || typeof endpointId !== "string" || typeof message !== "string") return undefined;
  if (!(at instanceof Date)) return undefined;
  return { noticeId, kind, endpointId, message, createdAt: at.toISOString() };
}

const KEY = "baton.dismissed-notices";

/** Most dismissed notices that are remembered: enough for several owners of this browser. */
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
    // Full or forbidden storage: the notice is shown again after the next load.
  }
}
