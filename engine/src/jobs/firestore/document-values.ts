import { Bytes, DocumentReference, FieldValue, GeoPoint, Timestamp, VectorValue } from "@google-cloud/firestore";
import { PermanentError } from "../../job-types/job-errors.ts";
import { describeKind } from "../../kit/describe-kind.ts";
import { type CopyRules, copyPlain, FaultFound, isPlainObject, type Place } from "../../kit/plain-copy.ts";
import { demandForeignDocument } from "../../platform/firestore/collections.ts";
import type { Fields } from "../../platform/firestore/documents.ts";
import { isSentinel, ownValue, type Sentinel } from "./foreign-values.ts";
import { documentBytes, MAX_DOCUMENT_BYTES } from "./stored-size.ts";

/** Limits of https://firebase.google.com/docs/firestore/quotas: depth of maps, bytes of a field's name. */
const MAX_DEPTH = 20;
const MAX_NAME_BYTES = 1500;
const RESERVED_NAME = /^__.*__$/s;

/** How fields are written: `update` alone may remove a field. */
export type WriteKind = "create" | "set" | "update";

/** Throws a PermanentError when a handler may not touch the document at `path`. */
export function demandDocumentPath(path: string): void {
  try {
    demandForeignDocument(path);
  } catch (cause) {
    const message = cause instanceof TypeError ? "The path of a document has to be text." : messageOf(cause);
    throw new PermanentError("invalid-document-path", message, { cause });
  }
  const isBad = (name: string) =>
    name === "." || name === ".." || RESERVED_NAME.test(name) || !name.isWellFormed() || Buffer.byteLength(name) > 1500;
  const bad = path.split("/").find(isBad);
  if (bad === undefined) return;
  throw new PermanentError("invalid-document-path", `"${path}" is not a path that Firestore takes.`);
}

/**
 * Copies the fields of a document as Firestore holds them. Dates become Timestamps, a field that is undefined is left
 * out, and every value of Firestore's own passes, of whichever copy of its client. Throws a PermanentError that names
 * document and place for anything else.
 */
export function documentFields(path: string, fields: unknown, kind: WriteKind): Fields {
  demandDocumentPath(path);
  if (fields === null || typeof fields !== "object" || !isPlain(fields)) {
    throw new PermanentError("invalid-document", `Document ${path} cannot be written: its fields are no plain object.`);
  }
  const copied = copyPlain(fields, rulesOf(kind));
  if ("fault" in copied) {
    const { pointer, problem } = copied.fault;
    const place = pointer === "" ? "it" : `the value at ${pointer}`;
    throw new PermanentError("invalid-document", `Document ${path} cannot be written: ${place} ${problem}.`);
  }
  const stored = copied.value as Fields;
  const bytes = documentBytes(path, stored);
  if (bytes <= MAX_DOCUMENT_BYTES) return stored;
  const message = `Document ${path} cannot be written: it takes ${bytes} bytes of Firestore, of ${MAX_DOCUMENT_BYTES} that a document may take.`;
  throw new PermanentError("invalid-document", message);
}

/** Awaits or makes a call of Firestore's SDK, which refuses by throwing what it will never take. */
export function refusedByFirestore<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const message = `Document ${path} cannot be written: ${messageOf(cause)}`;
    throw new PermanentError("invalid-document", message, { cause });
  }
}

function isPlain(value: object): boolean {
  try {
    return !Array.isArray(value) && isPlainObject(value);
  } catch {
    return false;
  }
}

function rulesOf(kind: WriteKind): CopyRules {
  return {
    leaf: (value, place) => (isSentinel(value) ? sentinel(value, kind, place) : storedLeaf(value)),
    fieldName: demandFieldName,
    undefinedItem() {
      throw new FaultFound("is undefined");
    },
    // The document itself is no level.
    maxDepth: MAX_DEPTH + 1,
    maxWeight: MAX_DOCUMENT_BYTES,
    allowsNestedArrays: false,
  };
}

function demandFieldName(name: string): void {
  if (name === "") throw new FaultFound("has an empty name");
  if (RESERVED_NAME.test(name)) throw new FaultFound("has a name that Firestore keeps for itself");
  if (!name.isWellFormed()) throw new FaultFound("has half a character in its name");
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new FaultFound("has a name of more than 1,500 bytes");
}

function sentinel(value: Sentinel, kind: WriteKind, place: Place): unknown {
  if (place.isInArray) throw new FaultFound("is a FieldValue, which cannot stand in an array");
  const { methodName, operand, elements = [] } = value;
  const isNumeric = ["FieldValue.increment", "FieldValue.minimum", "FieldValue.maximum"].includes(methodName);
  if (isNumeric && typeof operand !== "number") throw new FaultFound(`is a ${methodName} of no number`);
  switch (methodName) {
    case "FieldValue.delete":
      if (kind === "update" && place.depth <= 2) return FieldValue.delete();
      throw new FaultFound("is FieldValue.delete(), which stands at the top of an update only");
    case "FieldValue.serverTimestamp":
      return FieldValue.serverTimestamp();
    case "FieldValue.increment":
      return FieldValue.increment(Number(operand));
    case "FieldValue.minimum":
      return FieldValue.minimum(Number(operand));
    case "FieldValue.maximum":
      return FieldValue.maximum(Number(operand));
    case "FieldValue.arrayUnion":
      return FieldValue.arrayUnion(...storedElements(methodName, elements, kind));
    case "FieldValue.arrayRemove":
      return FieldValue.arrayRemove(...storedElements(methodName, elements, kind));
    default:
      throw new FaultFound(`is a ${methodName}, which is not known here`);
  }
}

/** Judges and copies the elements of a sentinel by the rules of any value; throws `FaultFound`. */
function storedElements(methodName: string, elements: unknown[], kind: WriteKind): unknown[] {
  const copied = copyPlain(elements, rulesOf(kind));
  if ("fault" in copied) {
    const { pointer, problem } = copied.fault;
    throw new FaultFound(`is a ${methodName} whose element at ${pointer} ${problem}`);
  }
  return Array.isArray(copied.value) ? copied.value : [];
}

function storedLeaf(value: unknown): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") {
    if (value.isWellFormed()) return value;
    throw new FaultFound("is a text with half a character, which Firestore refuses");
  }
  if (value instanceof Date) return timestampOf(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (OWN_CLASSES.some((own) => value instanceof own)) return value;
  const own = ownValue(value);
  if (own) return own;
  throw new FaultFound(describeKind(value));
}

const OWN_CLASSES = [Timestamp, GeoPoint, DocumentReference, VectorValue, Bytes];

function timestampOf(date: Date): Timestamp {
  try {
    return Timestamp.fromDate(date);
  } catch {
    throw new FaultFound("is a Date that Firestore cannot hold");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
