/** A document as it was read; without `updateTime` it was not there. */
export interface Stored<T, Instant> {
  value: T | undefined;
  updateTime: Instant | undefined;
}

/** A reference to a document, of any copy of Firestore's client. */
interface Reference<Instant> {
  get(): Promise<{ data(): Record<string, unknown> | undefined; readonly updateTime?: Instant | undefined }>;
}

/** A document as it is; one that is not asked for counts as not there, and is not written either. */
export async function read<T, Instant>(
  isWanted: boolean,
  ref: Reference<Instant>,
  parse: (fields: Record<string, unknown>) => T,
): Promise<Stored<T, Instant>> {
  if (!isWanted) return { value: undefined, updateTime: undefined };
  const snapshot = await ref.get();
  const fields = snapshot.data();
  return { value: fields && parse(fields), updateTime: snapshot.updateTime };
}
