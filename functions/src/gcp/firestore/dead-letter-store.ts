import type { Firestore } from "@google-cloud/firestore";
import type { DeadLetterStore } from "../../core/dead-letter.ts";
import { toFields } from "./documents.ts";
import { payloadFields } from "./payload.ts";

/** gRPC status of a create whose document is there already. */
const ALREADY_EXISTS = 6;

/**
 * The dead letter store on Firestore: `deadLetters/{letterId}`. Attributes whose names Firestore does not allow are
 * stored as the text `attributesJson` in their place: a message nobody can read is still kept.
 */
export function firestoreDeadLetterStore(db: Firestore): DeadLetterStore {
  return {
    async keep({ attributes, ...letter }) {
      const fields = { ...toFields(letter), ...payloadFields("attributes", attributes) };
      try {
        await db.collection("deadLetters").doc(letter.letterId).create(fields);
      } catch (error) {
        if (!isAlreadyThere(error)) throw error;
      }
    },
  };
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === ALREADY_EXISTS;
}
