import { analyse } from "chardet";

/** Bytes of the beginning of a document in which a declaration has to be (HTML, section 13.2.3.2: 1,024 at least). */
const DECLARATION_BYTES = 4096;
/** Bytes that a guess looks at. */
const GUESS_BYTES = 64 * 1024;

/**
 * Decodes a document. A byte order mark decides; then whether the bytes are UTF-8, because wrong declarations are
 * common and text in another charset is hardly ever valid UTF-8; then the declaration of the header, that of the
 * document, and a guess. Bytes that the charset does not have become U+FFFD.
 */
export function decodeText(body: Uint8Array, contentType: string | undefined): string {
  const marked = charsetOfMark(body);
  if (marked) return decoded(body, marked);
  const utf8 = decoded(body, "utf-8");
  const declared = [charsetIn(contentType ?? ""), declaredIn(body)].flatMap((name) => known(name) ?? []);
  // Escape sequences of ISO-2022-JP are valid UTF-8.
  if (declared[0] === "iso-2022-jp") return decoded(body, declared[0]);
  if (isAlmostWhole(utf8)) return utf8;
  const legacy = declared.find((name) => name !== "utf-8" && !name.startsWith("utf-16"));
  return decoded(body, legacy ?? guessed(body) ?? "windows-1252");
}

function charsetOfMark(body: Uint8Array): string | undefined {
  const [a, b, c] = body;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  return a === 0xfe && b === 0xff ? "utf-16be" : undefined;
}

function decoded(body: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(body);
}

/** True for text with at most one broken character in a thousand: a page that was cut, or put together of two. */
function isAlmostWhole(text: string): boolean {
  const broken = text.split("\ufffd").length - 1;
  if (broken === 0) return true;
  const foreign = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
  return broken <= Math.max(1, foreign / 20) && foreign > 4 * broken;
}

function charsetIn(contentType: string): string | undefined {
  return /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1];
}

/** Reads the declaration of a meta element or of an XML document. */
function declaredIn(body: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(body.subarray(0, DECLARATION_BYTES));
  const meta = /<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
  return meta ?? /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)/i.exec(head)?.[1];
}

/** Gives the canonical name of a charset that the platform decodes. */
function known(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    // A name of no charset: as good as no declaration.
    return undefined;
  }
}

function guessed(body: Uint8Array): string | undefined {
  // Markup is the same in every charset; the text between it tells them apart.
  const text = new TextDecoder("latin1").decode(body.subarray(0, GUESS_BYTES));
  const bare = text.replaceAll(/<(script|style)\b[\s\S]*?<\/\1>|<[^>]*>/gi, " ");
  const guesses = analyse(Buffer.from(bare, "latin1"));
  return guesses.map(({ name }) => known(name)).find((name) => name !== undefined && !name.startsWith("utf-"));
}
