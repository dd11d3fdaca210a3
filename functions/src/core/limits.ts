/** Largest input or output, as UTF-8 JSON. A Firestore document holds 1 MiB (https://firebase.google.com/docs/firestore/quotas); the rest is room for its other fields. */
export const MAX_PAYLOAD_BYTES = 900 * 1024;

/**
 * The first `maxCharacters` of a text that a handler gave, as Firestore can hold it: a write with half a surrogate pair, which
 * a text cut within an emoji ends in, is refused, and with it the attempt's lease or its end would be lost.
 */
export function storableText(text: string, maxCharacters: number): string {
  return text.slice(0, maxCharacters).toWellFormed();
}
