const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  hellip: "…",
  rsquo: "’",
  lsquo: "‘",
  rdquo: "”",
  ldquo: "“",
  ndash: "–",
  mdash: "—",
};

/** Tags that YouTube's `textDisplay` may hold. Others are left: in plain text `<` is a character people type (`<3`). */
const LINE_BREAK = /<br\s*\/?>/gi;
const MARKUP = /<\/?(?:a|b|i|s|u|em|strong|span|p|wbr)(?:\s[^<>]{0,2000})?>/gi;

/**
 * Byte order marks and other characters without width that carry no meaning; the joiner U+200D stays, emoji need it.
 */
const INVISIBLE = /[\uFEFF\u200B\u2060\u00AD]/g;

/**
 * The text a reader saw: markup removed (a link leaves its own text), HTML entities decoded once, invisible characters
 * dropped, and runs of blanks made one blank. Line breaks stay, at most two in a row. Never throws.
 */
export function cleanText(raw: string): string {
  const withoutTags = raw.replace(LINE_BREAK, "\n").replace(MARKUP, "");
  return decodeEntities(withoutTags)
    .replace(INVISIBLE, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/**
 * Decodes the entities once: `&amp;lt;` becomes `&lt;`, as a browser would show it. An unknown entity stays as it is.
 */
function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return NAMED_ENTITIES[name.toLowerCase()] ?? whole;
    const isHex = name[1] === "x" || name[1] === "X";
    const code = isHex ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}
