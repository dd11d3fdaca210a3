import type { JsonValue } from "@baton/protocol";

/** What one request body may hold, so that no request keeps an instance busy for long: schemas, hashes and the store walk every value. */
export interface JsonLimits {
  /** How deep objects and arrays may nest. */
  depth: number;
  /** Objects and arrays, empty ones too. */
  containers: number;
  /** Names in objects; those of a large object cost more than any other value to list and to sort. */
  names: number;
  /** Values in all: objects, arrays, texts, numbers, booleans and nulls. */
  values: number;
}

/** The first thing about a body that is over a limit, or an object at any depth with the name `__proto__`, which schemas leave out without a word. */
export type JsonFault = keyof JsonLimits | "proto";

type Container = JsonValue[] | { [key: string]: JsonValue };

/**
 * Looks at each value once, without recursion, and stops at the first fault: a hostile body may nest half a million arrays.
 * Answers undefined when there is none.
 */
export function measureJson(value: JsonValue, limits: JsonLimits): JsonFault | undefined {
  const waiting: { container: Container; depth: number }[] = [];
  let [containers, names, values] = [0, 0, 1];
  const enter = (item: JsonValue, depth: number): JsonFault | undefined => {
    if (typeof item !== "object" || item === null) return undefined;
    containers += 1;
    if (depth > limits.depth) return "depth";
    if (containers > limits.containers) return "containers";
    waiting.push({ container: item, depth });
    return undefined;
  };
  let fault = enter(value, 1);
  for (let next = waiting.pop(); next && !fault; next = waiting.pop()) {
    const { container, depth } = next;
    if (Object.hasOwn(container, "__proto__")) return "proto";
    const isArray = Array.isArray(container);
    const keys = isArray ? [] : Object.keys(container);
    names += keys.length;
    if (names > limits.names) return "names";
    values += isArray ? container.length : keys.length;
    if (values > limits.values) return "values";
    // Listing the values of an object with thousands of names takes several times as long as looking each one up.
    if (isArray) for (const item of container) fault ??= enter(item, depth + 1);
    else for (const key of keys) fault ??= enter(container[key] ?? null, depth + 1);
  }
  return fault;
}
