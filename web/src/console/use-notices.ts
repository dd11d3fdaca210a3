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

/** What the owner is to know of a webhook endpoint. */
export interface NoticeView {
  noticeId: string;
  /** `failing`, `disabled`, `recovered`, or one of a newer server: show its message all the same. */
  kind: string;
  endpointId: string;
  message: string;
  /** ISO 8601. */
  createdAt: string;
}

/** Notices followed at most; older ones are past helping. */
const NEWEST = 20;

/**
 * The newest notices of `owner`, the signed-in uid, newest first and live, less those dismissed in this browser. Where they cannot
 * be read there are none: what they tell is also in the events, and not worth a page that does not work.
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

/** Undefined when this version cannot read it. */
function noticeOf(noticeId: string, fields: DocumentData): NoticeView | undefined {
  const { kind, endpointId, message, createdAt } = fields;
  const at: unknown = typeof createdAt?.toDate === "function" ? createdAt.toDate() : undefined;
  if (typeof kind !== "string" || typeof endpointId !== "string" || typeof message !== "string") return undefined;
  if (!(at instanceof Date)) return undefined;
  return { noticeId, kind, endpointId, message, createdAt: at.toISOString() };
}

const KEY = "baton.dismissed-notices";

/** More than are ever shown, for more than one owner of this browser. */
const MAX_DISMISSED = 200;

function readDismissed(): string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.map(String) : [];
  } catch {
    // Unreadable is as good as absent.
    return [];
  }
}

function keepDismissed(ids: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // Full or forbidden storage: the notice comes back with the next load.
  }
}
