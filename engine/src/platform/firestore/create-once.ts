import type { DocumentReference } from "@google-cloud/firestore";
import type { Fields } from "./documents.ts";

/** gRPC status of a create whose document is there already. */
const ALREADY_EXISTS = 6;

/** Creates a document; false, and nothing is written, when it is there already. */
export async function createOnce(document: DocumentReference, fields: Fields): Promise<boolean> {
  try {
    await document.create(fields);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === ALREADY_EXISTS) return false;
    throw error;
  }
}
