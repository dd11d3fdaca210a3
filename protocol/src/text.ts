/** Distance before and after a cut in which the boundaries of a character are searched. */
const REACH = 200;

/** Created by the first cut: browsers of 2023 may lack `Intl.Segmenter`. */
let characters: Intl.Segmenter | undefined;

/**
 * Cuts a text to at most `maxCharacters` UTF-16 units, between two graphemes: a joined emoji stays whole. Cuts between
 * code points where the platform has no `Intl.Segmenter`, and within a grapheme longer than 200 units. Gives
 * well-formed text, as Firestore demands: half a surrogate pair becomes U+FFFD.
 */
export function storableText(text: string, maxCharacters: number): string {
  return text.slice(0, endOfCut(text, maxCharacters)).replace(/\p{Surrogate}/gu, "\ufffd");
}

function endOfCut(text: string, maxCharacters: number): number {
  if (text.length <= maxCharacters) return text.length;
  const boundary = boundaryBefore(text.slice(0, maxCharacters + REACH), maxCharacters);
  const end = boundary > Math.max(0, maxCharacters - REACH) ? boundary : maxCharacters;
  const isWithinPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(end));
  return isWithinPair ? end - 1 : end;
}

function boundaryBefore(text: string, place: number): number {
  if (!("Segmenter" in Intl)) return place;
  characters ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return characters.segment(text).containing(place)?.index ?? place;
}
