import { Bytes, DocumentReference, FieldValue, GeoPoint, VectorValue } from "@google-cloud/firestore";
import { isPlainObject } from "../../kit/plain-copy.ts";
import type { Fields } from "../../platform/firestore/documents.ts";

/** The most that a document may take, in bytes as stored (https://firebase.google.com/docs/firestore/quotas). */
export const MAX_DOCUMENT_BYTES = 1_048_576;

/** Bytes of a document's name besides its text, and of a document besides its name and fields. */
const NAME_BYTES = 16;
const DOCUMENT_BYTES = 32;

/**
 * Gives the bytes that Firestore stores for a document with these fields, indexes aside. The rules are those of
 * https://firebase.google.com/docs/firestore/storage-size. A sentinel counts as nothing: its value is not known here.
 */
export function documentBytes(path: string, fields: Fields): number {
  return DOCUMENT_BYTES + nameBytes(path) + storedBytes(fields);
}

/** Gives the bytes that Firestore stores for a value of a field. */
export function storedBytes(value: unknown): number {
  if (typeof value === "string") return textBytes(value);
  if (typeof value === "number") return 8;
  if (typeof value !== "object" || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + storedBytes(item), 0);
  return isPlainObject(value) ? mapBytes(value) : ownBytes(value);
}

function mapBytes(map: object): number {
  return Object.entries(map).reduce((sum, [name, value]) => sum + textBytes(name) + storedBytes(value), 0);
}

/** The bytes of an instance of a class: one of Firestore's own, or a Buffer. */
function ownBytes(value: object): number {
  if (value instanceof Uint8Array) return value.byteLength;
  if (value instanceof Bytes) return value.toUint8Array().byteLength;
  if (value instanceof GeoPoint) return 16;
  if (value instanceof DocumentReference) return nameBytes(value.path);
  if (value instanceof VectorValue) return 8 * value.toArray().length;
  return value instanceof FieldValue ? 0 : 8;
}

function nameBytes(path: string): number {
  return path.split("/").reduce((sum, segment) => sum + textBytes(segment), NAME_BYTES);
}

function textBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}
