import type { DocumentReference, Firestore, Timestamp } from "@google-cloud/firestore";
import { subcollectionsOf } from "./collections.ts";
import { isConflict } from "./optimistic-retry.ts";

/** A commit has at most 500 writes here; deletes of large documents weigh more than others. */
const BATCH = 200;

/** Lists what lies below a document of Baton's. */
export async function childrenOf(ref: DocumentReference): Promise<DocumentReference[]> {
  const names = subcollectionsOf(ref.parent.id);
  const pages = await Promise.all(names.map((name) => ref.collection(name).select().get()));
  return pages.flatMap(({ docs }) => docs.map((document) => document.ref));
}

/** Deletes documents in order, 200 a commit. Idempotent. */
export async function deleteAll(db: Firestore, refs: readonly DocumentReference[]): Promise<void> {
  for (let start = 0; start < refs.length; start += BATCH) {
    const batch = db.batch();
    for (const ref of refs.slice(start, start + BATCH)) batch.delete(ref);
    await batch.commit();
  }
}

/** Deletes a document that is still as it was read; one that was written in between is kept. */
export async function deleteUnchanged(ref: DocumentReference, updateTime: Timestamp | undefined): Promise<void> {
  if (updateTime) await unlessConflict(ref.delete({ lastUpdateTime: updateTime }));
}

/** Awaits a conditional write, and gives it up when the document was written in between. */
export async function unlessConflict(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    // Another writer needs the document.
    if (!isConflict(error)) throw error;
  }
}
