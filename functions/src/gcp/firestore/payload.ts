import { JsonValue } from "@baton/protocol";
import type { Fields } from "./documents.ts";

/**
 * A JSON value under `name`, as Firestore can hold it: natively, so that a listener reads it as it is, or as text under
 * `<name>Json` when it has what Firestore cannot hold: an array directly inside an array, or a reserved or empty key.
 */
export function payloadFields(name: string, value: JsonValue): Fields {
  return isStorable(value, 0) ? { [name]: value } : { [`${name}Json`]: JSON.stringify(value) };
}

/** The value that `payloadFields` stored, or undefined when there is none. */
export function payloadOf(name: string, fields: Fields): JsonValue | undefined {
  const text = fields[`${name}Json`];
  if (typeof text === "string") return JsonValue.parse(JSON.parse(text));
  return fields[name] === undefined ? undefined : JsonValue.parse(fields[name]);
}

/** Limits of https://firebase.google.com/docs/firestore/quotas: field names that match `__.*__` are reserved; maps nest up to 20 levels. */
const RESERVED_KEY = /^$|^__.*__$/;
const MAX_NATIVE_DEPTH = 18;

function isStorable(value: JsonValue, depth: number): boolean {
  if (depth > MAX_NATIVE_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isStorable(item, depth + 1));
  if (value === null || typeof value !== "object") return true;
  return Object.entries(value).every(([key, item]) => !RESERVED_KEY.test(key) && isStorable(item, depth + 1));
}
