import { PermanentError } from "../../job-types/job-errors.ts";
import { isPlainObject } from "../../kit/plain-copy.ts";
import type { Fields } from "../../platform/firestore/documents.ts";
import { isSentinel } from "./foreign-values.ts";

/**
 * The most that all documents of one transaction may take in its commit. Firestore takes 10 MiB in a request
 * (https://firebase.google.com/docs/firestore/quotas), its emulator 4, the step's own record among them. Either refuses
 * more as an exhausted resource, and the client of Firestore repeats that for ten minutes.
 */
const MAX_COMMIT_BYTES = 3_000_000;
/** At least what a value of protobuf takes besides its text: tags, lengths, a number. */
const VALUE_BYTES = 16;

/** Counts what the writes of one transaction take; the answer throws a PermanentError on the write that is too much. */
export function commitSize(): (path: string, fields: Fields) => void {
  let total = 0;
  return (path, fields) => {
    total += path.length + wireBytes(fields);
    if (total <= MAX_COMMIT_BYTES) return;
    const message = `The documents of this commit are more than ${MAX_COMMIT_BYTES} bytes together, with ${path}. Write fewer in one commit.`;
    throw new PermanentError("commit-too-large", message);
  };
}

/** An upper bound for fields that `documentFields` took. */
function wireBytes(value: unknown): number {
  if (typeof value === "string") return VALUE_BYTES + Buffer.byteLength(value);
  if (value instanceof Uint8Array) return VALUE_BYTES + value.byteLength;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + wireBytes(item), VALUE_BYTES);
  if (isSentinel(value)) return VALUE_BYTES + wireBytes(value.elements ?? null);
  if (typeof value !== "object" || value === null || !isPlainObject(value)) return VALUE_BYTES;
  return Object.entries(value).reduce(
    (sum, [name, item]) => sum + VALUE_BYTES + Buffer.byteLength(name) + wireBytes(item),
    VALUE_BYTES,
  );
}
