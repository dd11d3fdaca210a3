/** Largest input or output, as UTF-8 JSON. A Firestore document holds 1 MiB (https://firebase.google.com/docs/firestore/quotas); the rest is room for its other fields. */
export const MAX_PAYLOAD_BYTES = 900 * 1024;

const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Cuts a text to at most `maxCharacters` UTF-16 units, between two characters as people see them: an emoji stays whole, with all
 * that it is joined from. The answer is well-formed, as Firestore asks of every text.
 */
export function storableText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text.toWellFormed();
  // A character longer than that is cut between code points.
  const start = Math.max(0, maxCharacters - 200);
  const around = text.slice(0, maxCharacters + 200);
  const boundary = CHARACTERS.segment(around).containing(maxCharacters)?.index ?? maxCharacters;
  const end = boundary > start ? boundary : maxCharacters;
  const isWithinPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(end));
  return text.slice(0, isWithinPair ? end - 1 : end).toWellFormed();
}
