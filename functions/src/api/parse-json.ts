import type { JsonValue } from "@baton/protocol";

/**
 * Parses JSON text; half of a surrogate pair, which a text cut within an emoji ends in, becomes U+FFFD as in any UTF-8
 * encoder: Firestore refuses to hold the half. Throws `SyntaxError` on what is not JSON.
 */
export function parseJson(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  if (!SURROGATE_ESCAPE.test(text)) return value;
  // Written again, whole pairs are characters, and only halves are left as escapes (ECMA-262, QuoteJSONString).
  return JSON.parse(JSON.stringify(value).replaceAll(ANY_ESCAPE, (whole, half) => (half ? "\ufffd" : whole)));
}

const SURROGATE_ESCAPE = /\\ud[89a-f]/i;
const ANY_ESCAPE = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/g;

/** True when objects and arrays nest more than `limit` levels. */
export function isDeeper(value: JsonValue, limit: number): boolean {
  let depth = 0;
  for (const _ of levels(value)) {
    depth += 1;
    if (depth > limit) return true;
  }
  return false;
}

/** True when an object at any depth has the name `__proto__`, which schemas leave out without a word. */
export function hasProtoName(value: JsonValue): boolean {
  for (const level of levels(value)) {
    if (level.some((container) => Object.hasOwn(container, "__proto__"))) return true;
  }
  return false;
}

/** The objects and arrays of each level, outermost first. Walks without recursion: a hostile body may nest half a million arrays. */
function* levels(value: JsonValue) {
  let level = [value].filter(isContainer);
  while (level.length > 0) {
    yield level;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
}

type Container = JsonValue[] | { [key: string]: JsonValue };

function isContainer(value: JsonValue): value is Container {
  return typeof value === "object" && value !== null;
}
