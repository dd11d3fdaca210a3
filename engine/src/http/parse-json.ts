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
