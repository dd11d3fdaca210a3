import { Timestamp } from "@google-cloud/firestore";
import { isPlainObject } from "../../kit/plain-copy.ts";

/** A Firestore document's fields. */
export type Fields = Record<string, unknown>;

/** Gives an instant as Firestore stores it. */
export function stamp(instant: Date): Timestamp {
  return Timestamp.fromDate(instant);
}

/**
 * Dates become Timestamps and absent fields stay absent, at any depth. Every other value passes as itself: `FieldValue`
 * sentinels, references, GeoPoints, bytes, vectors, Timestamps.
 */
export function toFields(value: object): Fields {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) => (field === undefined ? [] : [[key, toStored(field)]])),
  );
}

function toStored(value: unknown): unknown {
  if (value instanceof Date) return stamp(value);
  if (Array.isArray(value)) return value.map(toStored);
  return isFields(value) ? toFields(value) : value;
}

/** The inverse of `toFields`. */
export function fromFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fromStored(field)]));
}

function fromStored(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toDate();
  if (Array.isArray(value)) return value.map(fromStored);
  return isFields(value) ? fromFields(value) : value;
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && isPlainObject(value);
}
