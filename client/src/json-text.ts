import { BatonError } from "./errors.ts";

/** Deepest nesting. The API takes less, and the call stack allows more. */
const MAX_DEPTH = 500;

/**
 * Writes `value` as JSON, without fields that are `undefined`. Throws `BatonError`: `body-too-large` when values and
 * texts alone take more than `maxBytes`; `invalid-argument`, with a JSON pointer to the place, for a value that JSON
 * cannot carry or would silently change: cycles, BigInt, NaN, Infinity, functions, symbols, `undefined` in an array,
 * invalid dates, promises, errors, iterables (maps, sets, URLSearchParams), binary data, fields named by a symbol.
 */
export function jsonTextOf(value: unknown, maxBytes: number): string {
  check(value, { pointer: "", above: [], left: { bytes: maxBytes } });
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw refusal("", `cannot be written as JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** The place of a value: its JSON pointer, the objects around it, and the bytes left for it and all later values. */
interface Place {
  pointer: string;
  above: readonly object[];
  left: { bytes: number };
}

function check(value: unknown, place: Place): void {
  const { left } = place;
  left.bytes -= typeof value === "string" ? value.length + 2 : 1;
  if (left.bytes < 0) throw new BatonError("body-too-large", "The request is too large. Send less at once.");
  const fault = faultOf(value);
  if (fault !== undefined) throw refusal(place.pointer, fault);
  if (typeof value !== "object" || value === null) return;
  if (place.above.includes(value)) throw refusal(place.pointer, "contains itself, which JSON cannot carry");
  if (place.above.length >= MAX_DEPTH) throw refusal(place.pointer, `nests deeper than ${MAX_DEPTH} levels`);
  const above = [...place.above, value];
  try {
    const members = hasToJson(value) ? [] : membersOf(value);
    if (hasToJson(value)) check(value.toJSON(""), { pointer: place.pointer, above, left });
    for (const [name, member] of members) {
      const pointer = `${place.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (member !== undefined || Array.isArray(value)) check(member, { pointer, above, left });
    }
  } catch (cause) {
    if (cause instanceof BatonError) throw cause;
    throw refusal(place.pointer, "cannot be read", cause);
  }
}

/** Lists members, with the holes of an array, which JSON writes as null. */
function membersOf(value: object): [string, unknown][] {
  return Array.isArray(value) ? Array.from(value, (member, index) => [String(index), member]) : Object.entries(value);
}

/** Classes that JSON writes as `{}`. It does so with every iterable object, too. */
const UNWRITABLE = [WeakMap, WeakSet, Promise, RegExp, ArrayBuffer, Error, Blob];

function faultOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "undefined":
      return "is undefined, which JSON cannot carry";
    case "bigint":
      return hasToJson(Object(value)) ? undefined : "is a BigInt, which JSON cannot carry: send it as text";
    case "function":
    case "symbol":
      return `is a ${typeof value}, which JSON cannot carry`;
    case "number":
      return Number.isFinite(value) ? undefined : `is ${value}, which JSON cannot carry`;
    case "object":
      return objectFaultOf(value);
    default:
      return undefined;
  }
}

function objectFaultOf(value: object | null): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "is an invalid date" : undefined;
  if (value === null || hasToJson(value)) return undefined;
  if (Object.getOwnPropertySymbols(value).some((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol))) {
    return "has a field whose name is a symbol, which JSON cannot carry";
  }
  const isIterable = Symbol.iterator in value && !Array.isArray(value) && !(value instanceof String);
  const isUnwritable = isIterable || ArrayBuffer.isView(value) || UNWRITABLE.some((kind) => value instanceof kind);
  return isUnwritable ? `is a ${value.constructor?.name}, which JSON cannot carry` : undefined;
}

function hasToJson(value: object): value is { toJSON(name: string): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

function refusal(pointer: string, message: string, cause?: unknown): BatonError {
  return new BatonError("invalid-argument", `The request cannot be sent: ${pointer || "it"} ${message}.`, {
    errors: [{ pointer, message }],
    cause,
  });
}
