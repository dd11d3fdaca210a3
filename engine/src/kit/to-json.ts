import type { JsonValue } from "@baton/protocol";
import { describeKind } from "./describe-kind.ts";
import { MAX_PAYLOAD_BYTES } from "./payload-limits.ts";
import { type Copied, type CopyRules, copyPlain, FaultFound } from "./plain-copy.ts";

/** Maximum depth of nested objects and arrays in a value of a request or an output. */
const MAX_JSON_DEPTH = 100;

/** Bounds the work. Above 900 KiB, so that an error can tell the size of a value that is somewhat too large. */
const MAX_WEIGHT = 2 * MAX_PAYLOAD_BYTES;

const JSON_RULES: CopyRules = {
  leaf: jsonLeaf,
  undefinedItem: () => null,
  maxDepth: MAX_JSON_DEPTH,
  maxWeight: MAX_WEIGHT,
  allowsNestedArrays: true,
};

/** The same, but nothing becomes null that was not. */
const EXACT_RULES: CopyRules = {
  ...JSON_RULES,
  undefinedItem: () => {
    throw new FaultFound("is undefined");
  },
};

/**
 * Turns any value into JSON of at most 900 KiB, or says where and why it cannot. `undefined` becomes null, a field that
 * is undefined is left out, -0 becomes 0; nothing else changes: what JSON cannot carry is a fault. Never throws.
 */
export function toJson(value: unknown): Copied<JsonValue> {
  return withinBytes(copyPlain(value ?? null, JSON_RULES));
}

/** The same for a value that must not change: `undefined` is a fault, unless it is a field, which is left out. */
export function toExactJson(value: unknown): Copied<JsonValue> {
  return withinBytes(copyPlain(value, EXACT_RULES));
}

/**
 * Copies a value that a schema is still to turn into JSON. Plain objects and arrays are copied, and may not contain
 * themselves; any other value is kept as it is. Never throws.
 */
export function toParsable(value: unknown): Copied {
  return copyPlain(value, {
    ...JSON_RULES,
    leaf: (leaf) => leaf,
    undefinedItem: () => undefined,
    maxWeight: MAX_WEIGHT,
  });
}

function jsonLeaf(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value === 0 ? 0 : value;
  throw new FaultFound(describeKind(value));
}

function withinBytes(copied: Copied): Copied<JsonValue> {
  if ("fault" in copied) return copied;
  // The rules refuse all other values.
  const value = copied.value as JsonValue;
  const bytes = jsonBytes(value);
  if (bytes <= MAX_PAYLOAD_BYTES) return { value };
  return { fault: { kind: "too-large", pointer: "", problem: `${bytes} bytes` } };
}

/** The size of a value as JSON, in bytes of UTF-8. */
function jsonBytes(value: JsonValue): number {
  return utf8Bytes(JSON.stringify(value));
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
