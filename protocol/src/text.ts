/** How far before and behind the place of a cut the ends of a character are looked for. */
const REACH = 200;

/** Made by the first cut: browsers of 2023 may lack it. */
let characters: Intl.Segmenter | undefined;

/**
 * Cuts a text to at most `maxCharacters` UTF-16 units, between two characters as people see them: an emoji stays whole, with all
 * that it is joined from. Where the platform has no `Intl.Segmenter`, and in a character longer than 200 units, it cuts between
 * code points. The answer is well-formed, as Firestore asks of every text: half a surrogate pair becomes U+FFFD.
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
