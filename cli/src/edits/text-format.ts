/** The end of lines that a text uses; that of its first line. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

/** One level of indentation, as the first indented line of a text has it. */
export function indentOf(text: string, otherwise = "  "): string {
  const first = /^(\t| +)\S/m.exec(text)?.[1];
  return first?.startsWith("\t") ? "\t" : (first ?? otherwise);
}

/** Gives each line of `text`, which ends its lines by `\n`, the line end of another text. */
export function withLineEnds(text: string, lineEnd: "\n" | "\r\n"): string {
  return lineEnd === "\n" ? text : text.replaceAll("\n", lineEnd);
}

const BYTE_ORDER_MARK = "\uFEFF";

/** Applies `change` to a text without its byte order mark, and puts the mark back. */
export function besideByteOrderMark(text: string, change: (text: string) => string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + change(text.slice(1)) : change(text);
}
