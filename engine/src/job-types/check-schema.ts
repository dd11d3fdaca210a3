import type { JsonValue } from "@baton/protocol";
import { z } from "zod";
import { pointerTo } from "../kit/plain-copy.ts";

/** The side of a schema that is JSON: what an input schema takes, and what an output schema gives. */
export type JsonSide = "input" | "output";

/** Kinds of zod schemas whose values JSON lacks, with the word for them. */
const NOT_JSON = {
  date: "a Date",
  bigint: "a BigInt",
  map: "a Map",
  set: "a Set",
  symbol: "a symbol",
  nan: "NaN",
  file: "a File",
  function: "a function",
} as const;

/** Kinds of schemas that take no value at all. */
const ABSENT: readonly string[] = ["undefined", "void", "never"];

type Schema = z.core.$ZodType;
type Path = readonly string[];
interface Misfit {
  path: Path;
  what: string;
}

/**
 * Throws when no JSON can come through a schema, at any place of it, or when no JSON Schema can be made of it for `GET
 * /v1/types`. So a deployment with it does not start. `of` begins the sentence. A choice may have members that JSON
 * lacks, if one is left that it has.
 */
export function demandJsonSchema(schema: z.ZodType, side: JsonSide, of: string): void {
  if (!(schema instanceof z.core.$ZodType)) throw new Error(`${of}: its ${side} is not a schema of zod 4.`);
  const isAbsent = side === "input" && ABSENT.includes(schema._zod.def.type);
  const misfit = isAbsent ? { path: [], what: "undefined" } : misfitIn(schema, side, [], new Set());
  if (misfit) {
    const place = misfit.path.length === 0 ? "it" : `the value at ${pointerTo(misfit.path)}`;
    const advice = side === "input" ? "Take text or a number, and transform or coerce it." : "Give text or a number.";
    throw new Error(
      `${of}: its ${side} schema cannot work, because ${place} is ${misfit.what}, which JSON lacks. ${advice}`,
    );
  }
  try {
    jsonSchemaOf(schema, side);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${of}: no JSON Schema can be made of its ${side} schema: ${why}`, { cause });
  }
}

/** The JSON Schema of what an input schema takes, or an output schema gives. */
export function jsonSchemaOf(schema: z.ZodType, side: JsonSide): Record<string, JsonValue> {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: side, unrepresentable: "any" })));
}

/** The first place at which no JSON can stand. A schema that refers to itself is looked at once. */
function misfitIn(schema: Schema, side: JsonSide, path: Path, seen: Set<Schema>): Misfit | undefined {
  if (seen.has(schema)) return undefined;
  seen.add(schema);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const within = (inner: Schema, name?: string) =>
    misfitIn(inner, side, name === undefined ? path : [...path, name], seen);
  switch (def.type) {
    case "object":
      return first(Object.entries(def.shape), ([name, field]) => within(field, name));
    case "array":
      return within(def.element, "*");
    case "record":
      return within(def.valueType, "*");
    case "tuple":
      return first([...def.items.entries()], ([index, item]) => within(item, String(index)));
    case "union": {
      const misfits = def.options.filter((option) => !isNothing(option)).map((option) => within(option));
      return misfits.every((misfit) => misfit !== undefined) ? misfits[0] : undefined;
    }
    case "intersection":
      return within(def.left) ?? within(def.right);
    case "pipe":
      return within(side === "input" ? def.in : def.out);
    case "lazy":
      return within(def.getter());
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
    case "promise":
      return within(def.innerType);
    case "literal":
      return def.values.every((value) => typeof value === "bigint") ? { path, what: NOT_JSON.bigint } : undefined;
    default:
      return leafMisfit(def, side, path);
  }
}

function leafMisfit(def: { type: string; coerce?: boolean }, side: JsonSide, path: Path): Misfit | undefined {
  const isCoerced = side === "input" && def.coerce === true;
  return isCoerced || !isForeign(def.type) ? undefined : { path, what: NOT_JSON[def.type] };
}

function isForeign(type: string): type is keyof typeof NOT_JSON {
  return Object.hasOwn(NOT_JSON, type);
}

function isNothing(schema: Schema): boolean {
  return ["null", ...ABSENT].includes(schema._zod.def.type);
}

function first<T>(items: readonly T[], look: (item: T) => Misfit | undefined): Misfit | undefined {
  for (const item of items) {
    const found = look(item);
    if (found) return found;
  }
  return undefined;
}
