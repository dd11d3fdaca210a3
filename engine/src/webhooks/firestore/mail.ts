import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { createOnce } from "../../platform/firestore/create-once.ts";
import type { Mail } from "../ports.ts";

/**
 * Sends mail by documents in the collection of Firebase's function kit firestore-send-email
 * (https://github.com/firebase/extensions/tree/kits/firestore-send-email). The kit finds the address by the uid, in its
 * users collection. A message is created once, however often it is sent. The field `baton` marks Baton's
 * own documents and their owner, so that an erasure finds them.
 */
export function firestoreMail(db: Firestore, collection: string): Mail {
  const documents = db.collection(collection);
  return {
    async send({ messageId, owner, endpointId, createdAt, subject, text }) {
      const baton = { owner, endpointId, createdAt: Timestamp.fromDate(createdAt) };
      await createOnce(documents.doc(messageId), { toUids: [owner], message: { subject, text }, baton });
    },
  };
}
