import type { DocumentReference, Timestamp } from "@google-cloud/firestore";
import type { Fields } from "./documents.ts";

/** A document as it was read; without `updateTime` it was not there. */
export interface Stored<T> {
  value: T | undefined;
  updateTime: Timestamp | undefined;
}

/** A document as it is; one that is not asked for counts as not there, and is not written either. */
export async function read<T>(
  isWanted: boolean,
  ref: DocumentReference,
  parse: (fields: Fields) => T,
): Promise<Stored<T>> {
  if (!isWanted) return { value: undefined, updateTime: undefined };
  const snapshot = await ref.get();
  const fields = snapshot.data();
  return { value: fields && parse(fields), updateTime: snapshot.updateTime };
}
