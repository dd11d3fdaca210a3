import { JsonValue } from "@baton/protocol";
import { measureJson } from "../../kit/measure-json.ts";
import { MAX_PAYLOAD_BYTES } from "../../kit/payload-limits.ts";
import type { Fields } from "../../platform/firestore/documents.ts";
import { storedBytes } from "./stored-size.ts";

/**
 * Places a JSON value under `name`: natively where Firestore can hold it, so that a listener reads it as it is; else as
 * text under `<name>Json`. Firestore cannot hold an array directly inside an array, a key that is reserved, empty or
 * too long, or half a surrogate pair. Nor does it hold deeper nesting or a larger size than a document may have (every
 * number takes 8 bytes). Many values are text as well: the client of Firestore takes some 10 microseconds to write or
 * read each, and up to 16 bytes on the wire.
 */
export function payloadFields(name: string, value: JsonValue): Fields {
  const isNative = isFew(value) && isStorable(value, 0) && storedBytes(value) <= MAX_PAYLOAD_BYTES;
  return isNative ? { [name]: value } : { [`${name}Json`]: JSON.stringify(value) };
}

/** The same as text in any case, for a document that no listener reads: text costs the least to write and to read. */
export function textFields(name: string, text: string): Fields {
  return { [`${name}Json`]: text };
}

/** The value that `payloadFields` or `textFields` stored, or undefined when there is none. */
export function payloadOf(name: string, fields: Fields): JsonValue | undefined {
  const text = fields[`${name}Json`];
  if (typeof text === "string") return JSON.parse(text);
  return fields[name] === undefined ? undefined : JsonValue.parse(fields[name]);
}

/** Values that a document holds natively. */
const MAX_NATIVE_VALUES = 10_000;

function isFew(value: JsonValue): boolean {
  const [depth, most] = [MAX_NATIVE_DEPTH + 1, MAX_NATIVE_VALUES];
  return measureJson(value, { depth, containers: most, names: most, values: most }) === undefined;
}

/**
 * Limits of https://firebase.google.com/docs/firestore/quotas: field names that match `__.*__` are reserved and have at
 * most 1,500 bytes; maps nest up to 20 levels.
 */
const RESERVED_KEY = /^$|^__.*__$/s;
const MAX_KEY_BYTES = 1500;
const MAX_NATIVE_DEPTH = 18;

function isStorable(value: JsonValue, depth: number): boolean {
  if (depth > MAX_NATIVE_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isStorable(item, depth + 1));
  if (typeof value === "string") return value.isWellFormed();
  if (value === null || typeof value !== "object") return true;
  return Object.entries(value).every(([key, item]) => isStorableKey(key) && isStorable(item, depth + 1));
}

function isStorableKey(key: string): boolean {
  return !RESERVED_KEY.test(key) && key.isWellFormed() && Buffer.byteLength(key) <= MAX_KEY_BYTES;
}
