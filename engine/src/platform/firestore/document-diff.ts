import { isDeepStrictEqual } from "node:util";
import { FieldValue } from "@google-cloud/firestore";
import { type Fields, toFields } from "./documents.ts";

/**
 * The update that makes the document of `before` that of `after`: only the top-level fields that differ. What else it
 * holds stays, fields of a newer version among it.
 */
export function documentDiff(before: object, after: object): Fields {
  const [old, fields] = [toFields(before), toFields(after)];
  const changes: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    if (!isDeepStrictEqual(value, old[key])) changes[key] = value;
  }
  for (const key of Object.keys(old)) {
    if (!(key in fields)) changes[key] = FieldValue.delete();
  }
  return changes;
}
