import { storableText } from "@baton/engine/kit";
import { excerpt } from "./sentences.ts";

/** Bytes of `…` in JSON. */
const ELLIPSIS_BYTES = 3;

/**
 * Shortens texts, each to one line of at most `maxChars` UTF-16 units, and all of them to at most `budgetBytes` of JSON
 * without the quotes. Above the budget the longest texts are cut to one size, and short ones stay whole. Every excerpt
 * is well-formed; a cut one ends in `…`. The budget is kept for any texts when it has 3 bytes for each.
 */
export function excerptsWithin(texts: readonly string[], maxChars: number, budgetBytes: number): string[] {
  const excerpts = texts.map((text) => excerpt(text.toWellFormed(), maxChars));
  const maxBytes = fairShare(excerpts.map(jsonBytes), budgetBytes);
  return excerpts.map((text) => (jsonBytes(text) <= maxBytes ? text : cutToBytes(text, maxBytes)));
}

/**
 * The largest size that all can be cut to, so that together they stay within the budget; what small ones leave goes to
 * the others.
 */
function fairShare(sizes: readonly number[], budget: number): number {
  let left = budget;
  const ascending = sizes.toSorted((a, b) => a - b);
  for (const [position, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - position));
    if (size > share) return share;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

/** Goes by code points, and then back to the end of a character. */
function cutToBytes(text: string, maxBytes: number): string {
  let bytes = ELLIPSIS_BYTES;
  let end = 0;
  for (const character of text) {
    bytes += jsonBytes(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return `${storableText(text, end).trimEnd()}…`;
}

/** Quotes, backslashes and control characters take more in JSON than in the text. */
function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
