import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { createOnce } from "../../platform/firestore/create-once.ts";
import type { Mail } from "../ports.ts";

/**
 * Mail by documents of the collection that Firebase's official extension "Trigger Email" listens to
 * (https://firebase.google.com/docs/extensions/official/firestore-send-email). It looks the address up by the uid, in
 * the users collection it is configured with. A message is handed over once, however often it is sent. The field
 * `baton` says that Baton wrote the document, and for whom: by it an erasure finds the message.
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
