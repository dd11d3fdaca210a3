/** Bytes of a response's body that are kept, and the most that its text may have. */
export const MAX_EXCERPT_BYTES = 20_480;

/**
 * Converts the beginning of a response's body to text that can be stored and shown. Bytes that are not UTF-8, and
 * characters that change the direction of text, become U+FFFD. Control characters but tab and line breaks become their
 * pictures (`␀`). At most 20,480 bytes of UTF-8. A character that the cut divides is omitted; `isWhole` says that there
 * was no cut.
 */
export function excerptOf(body: Uint8Array, isWhole: boolean): string {
  const isCut = !isWhole || body.length > MAX_EXCERPT_BYTES;
  const text = new TextDecoder().decode(body.subarray(0, MAX_EXCERPT_BYTES), { stream: isCut });
  const harmless = text.replaceAll(/\p{Cc}|\p{Bidi_Control}/gu, picture);
  // A replacement of one byte has up to three.
  const { read } = new TextEncoder().encodeInto(harmless, new Uint8Array(MAX_EXCERPT_BYTES));
  return harmless.slice(0, read);
}

const CONTROL_PICTURES = 0x2400;
const PICTURE_OF_DELETE = "\u2421";
const REPLACEMENT = "\ufffd";

function picture(character: string): string {
  if ("\t\n\r".includes(character)) return character;
  const code = character.charCodeAt(0);
  if (code === 0x7f) return PICTURE_OF_DELETE;
  return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : REPLACEMENT;
}
