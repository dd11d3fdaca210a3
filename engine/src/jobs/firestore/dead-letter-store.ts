import type { Firestore } from "@google-cloud/firestore";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { createOnce } from "../../platform/firestore/create-once.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import type { DeadLetterStore } from "../ports.ts";
import { payloadFields } from "./payload.ts";

/**
 * The dead letter store on Firestore: `deadLetters/{letterId}`. Attributes whose names Firestore does not allow are
 * stored as the text `attributesJson` in their place: an unreadable message is still kept.
 */
export function firestoreDeadLetterStore(db: Firestore): DeadLetterStore {
  return {
    async keep({ attributes, ...letter }) {
      const fields = { ...toFields(letter), ...payloadFields("attributes", attributes) };
      await createOnce(db.collection(COLLECTIONS.deadLetters).doc(letter.letterId), fields);
    },
  };
}
