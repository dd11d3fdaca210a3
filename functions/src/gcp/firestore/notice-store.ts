import type { Firestore } from "@google-cloud/firestore";
import type { NoticeStore } from "../../core/webhooks/ports.ts";
import { createOnce } from "./create-once.ts";
import { toFields } from "./documents.ts";

/** The notice store on Firestore: `notices/{noticeId}`. */
export function firestoreNoticeStore(db: Firestore): NoticeStore {
  const notices = db.collection("notices");
  return { add: (notice) => createOnce(notices.doc(notice.noticeId), toFields(notice)) };
}
