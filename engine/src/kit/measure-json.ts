import type { JsonValue } from "@baton/protocol";
import { pointerTo } from "./plain-copy.ts";

/**
 * Limits of one request body, so that no request keeps an instance busy for long: schemas, hashes and the store walk
 * every value.
 */
export interface JsonLimits {
  /** Maximum depth of nested objects and arrays. */
  depth: number;
  /** Objects and arrays, empty ones too. */
  containers: number;
  /** Names in objects. To list and sort the names of a large object costs more than any other value. */
  names: number;
  /** Values in all: objects, arrays, texts, numbers, booleans and nulls. */
  values: number;
}

/**
 * The first fault of a body: a limit that it is over, or an object at any depth with the name `__proto__`, which
 * schemas leave out silently.
 */
export type JsonFault = keyof JsonLimits | "proto";

/** A position of the walk, below the root, which has no `up`. */
interface Place {
  container: Container;
  depth: number;
  up?: Place;
  /** Its own name, or number, within `up`. */
  name: string | number;
}

/** The first fault of a body; `pointer` (RFC 6901) is its place, or the root where it is one of the whole. */
export interface FoundFault {
  kind: JsonFault;
  pointer: string;
}

type Container = JsonValue[] | { [key: string]: JsonValue };

/**
 * Looks at each value once, without recursion, and stops at the first fault: a hostile body may nest half a million
 * arrays. Answers undefined when there is none.
 */
export function measureJson(value: JsonValue, limits: JsonLimits): FoundFault | undefined {
  const waiting: Place[] = [];
  let [containers, names, values] = [0, 0, 1];
  const enter = (item: JsonValue, name: string | number, up?: Place): FoundFault | undefined => {
    if (typeof item !== "object" || item === null) return undefined;
    containers += 1;
    const place = { container: item, depth: (up?.depth ?? 0) + 1, name, ...(up && { up }) };
    if (place.depth > limits.depth) return { kind: "depth", pointer: pointerOf(place) };
    if (containers > limits.containers) return ofTheWhole("containers");
    waiting.push(place);
    return undefined;
  };
  let fault = enter(value, "");
  for (let next = waiting.pop(); next && !fault; next = waiting.pop()) {
    const { container } = next;
    if (Object.hasOwn(container, "__proto__")) return { kind: "proto", pointer: `${pointerOf(next)}/__proto__` };
    const isArray = Array.isArray(container);
    const keys = isArray ? [] : Object.keys(container);
    names += keys.length;
    if (names > limits.names) return ofTheWhole("names");
    values += isArray ? container.length : keys.length;
    if (values > limits.values) return ofTheWhole("values");
    // Listing the values of an object with thousands of names takes several times as long as looking each one up.
    if (isArray) for (const [index, item] of container.entries()) fault ??= enter(item, index, next);
    else for (const key of keys) fault ??= enter(container[key] ?? null, key, next);
  }
  return fault;
}

function ofTheWhole(kind: JsonFault): FoundFault {
  return { kind, pointer: "" };
}

function pointerOf(place: Place): string {
  const names: (string | number)[] = [];
  for (let at = place; at.up; at = at.up) names.push(at.name);
  return pointerTo(names.reverse());
}
