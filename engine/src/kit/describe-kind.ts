import { storableText } from "@baton/protocol";

const HINTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Date: "write it as text with toISOString()",
    Map: "turn it into an object with Object.fromEntries()",
    Set: "turn it into an array",
    Buffer: "write it as text in base64",
    Uint8Array: "write it as text in base64",
    Promise: "await it",
  }),
);

/** Says what a value is, to complete "the value there ...". Never throws. */
export function describeKind(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "is undefined";
    case "bigint":
      return "is a BigInt; write it as text with String(), or as a number";
    case "number":
      return `is ${value}`;
    case "function":
      return "is a function";
    case "symbol":
      return "is a symbol";
    case "object":
      return describeObject(value);
    default:
      return `is a ${typeof value}`;
  }
}

function describeObject(value: object | null): string {
  if (value === null) return "is null";
  const name = classOf(value);
  if (name === undefined) return "is an object that is not plain";
  const hint = HINTS.get(name);
  return `is an instance of ${name}${hint === undefined ? "" : `; ${hint}`}`;
}

function classOf(value: object): string | undefined {
  try {
    const name: unknown = value.constructor.name;
    return typeof name === "string" && name !== "" ? storableText(name, 100) : undefined;
  } catch {
    return undefined;
  }
}
