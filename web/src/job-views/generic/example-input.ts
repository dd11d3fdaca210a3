import type { JsonValue } from "@baton/protocol";

/** Levels of a schema that an example follows: a schema may refer to itself. */
const MAX_DEPTH = 8;

/**
 * Writes an example of what a JSON Schema (draft 2020-12) takes, for a person to change: defaults where the schema has
 * them, required fields, and empty values of the right type. It may still be refused, as by a pattern.
 */
export function exampleInput(schema: JsonValue | undefined): JsonValue {
  return exampleOf(schema, { root: schema, depth: 0 });
}

interface Place {
  /** The whole schema, which `$ref` points into. */
  root: JsonValue | undefined;
  depth: number;
}

function exampleOf(schema: JsonValue | undefined, place: Place): JsonValue {
  if (!isObject(schema) || place.depth > MAX_DEPTH) return null;
  const below = { ...place, depth: place.depth + 1 };
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (typeof schema.$ref === "string") return exampleOf(targetOf(schema.$ref, place.root), below);
  const [choice] = [schema.enum, schema.examples].flatMap((values) => (Array.isArray(values) ? values : []));
  if (choice !== undefined) return choice;
  const [branch] = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((all) => (Array.isArray(all) ? all : []));
  if (branch !== undefined) return exampleOf(branch, below);
  return exampleOfType(schema, below);
}

function exampleOfType(schema: Record<string, JsonValue>, place: Place): JsonValue {
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object":
      return exampleObject(schema, place);
    case "array":
      return typeof schema.minItems === "number" && schema.minItems > 0 ? [exampleOf(schema.items, place)] : [];
    case "string":
      return "";
    case "number":
    case "integer":
      return typeof schema.minimum === "number" ? schema.minimum : 0;
    case "boolean":
      return false;
    default:
      return schema.type === undefined && isObject(schema.properties) ? exampleObject(schema, place) : null;
  }
}

/** With the required fields, and those that have a default. */
function exampleObject(schema: Record<string, JsonValue>, place: Place): JsonValue {
  const { properties, required } = schema;
  if (!isObject(properties)) return {};
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name, property]) => isRequired(name) || (isObject(property) && property.default !== undefined))
      .map(([name, property]) => [name, exampleOf(property, place)]),
  );
}

/** Follows a JSON pointer of the same document, such as `#/$defs/node`. */
function targetOf(ref: string, root: JsonValue | undefined): JsonValue | undefined {
  let target = root;
  for (const name of ref.split("/").slice(1)) {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target;
}

function isObject(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
