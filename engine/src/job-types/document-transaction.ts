/**
 * A handler's own documents, by path (`orders/abc`), within a transaction: reads come before writes. Fields are what
 * Firestore holds: JSON, `Date`, and values of `@google-cloud/firestore` (`FieldValue`, Timestamp, GeoPoint,
 * references, vectors, bytes). Anything else is a PermanentError that names document and place. `get` gives a `Date`
 * for a Timestamp, to the millisecond, and every other value as itself. Nothing is written unless all is. Paths of
 * Baton's own collections are refused.
 */
export interface DocumentTransaction {
  get(path: string): Promise<Record<string, unknown> | undefined>;
  /** Fails the transaction when the document is there already. */
  create(path: string, fields: Record<string, unknown>): void;
  set(path: string, fields: Record<string, unknown>): void;
  /** Replaces the named fields; fails the transaction when there is no such document. */
  update(path: string, fields: Record<string, unknown>): void;
  delete(path: string): void;
}
