import { type DocumentReference, FieldValue } from "@google-cloud/firestore";

/** gRPC status of an update whose document is gone. */
const NOT_FOUND = 5;

/**
 * Takes `dueAt` from a document, which then asks for no second look. Idempotent; a document that is gone stays gone.
 */
export async function clearDue(document: DocumentReference): Promise<void> {
  try {
    await document.update({ dueAt: FieldValue.delete() });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === NOT_FOUND)) throw error;
  }
}
