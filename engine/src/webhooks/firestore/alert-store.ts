import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import { clearDue } from "../../platform/firestore/clear-due.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { fromFields } from "../../platform/firestore/documents.ts";
import { read } from "../../platform/firestore/read-document.ts";
import type { NoticeStore } from "../ports.ts";
import type { Notice } from "../rules/alert.ts";

const StoredNotice: z.ZodType<Notice> = z.object({
  noticeId: z.string(),
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

/** The notice store on Firestore: `notices/{noticeId}`. */
export function firestoreNoticeStore(db: Firestore): NoticeStore {
  const at = (noticeId: string) => db.collection(COLLECTIONS.alerts).doc(noticeId);
  return {
    read: async (noticeId) =>
      (await read(true, at(noticeId), (fields) => StoredNotice.parse(fromFields(fields)))).value,
    settle: (noticeId) => clearDue(at(noticeId)),
  };
}
