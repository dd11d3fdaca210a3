import { styleText } from "node:util";

/** Colours text, or leaves it as it is where the output has no colours. */
export type Paint = (style: "bold" | "dim" | "green" | "red" | "yellow" | "cyan", text: string) => string;

/** Colours only for a terminal, and never against NO_COLOR. */
export const paintFor =
  (stream: NodeJS.WriteStream): Paint =>
  (style, text) =>
    styleText(style, text, { stream });

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of block characters, exact to an eighth of a character; `fraction` is 0 to 1. */
export function bar(fraction: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** A part of a result under its title; nothing where it has no lines. */
export function section(title: string, lines: string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ["", paint("bold", title), ...lines.map((line) => `  ${line}`)];
}

/** The text in lines of at most `width` characters, broken between words; a longer word is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const piece = shorten(word, width);
    if (line !== "" && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = piece;
    } else {
      line = line === "" ? piece : `${line} ${piece}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/**
 * The text on one line, cut with an ellipsis after `width` characters. Control characters, which could move the cursor,
 * are dropped.
 */
export function shorten(text: string, width: number): string {
  const plain = [
    ...text
      .replace(/\s+/g, " ")
      .replace(/\p{Cc}/gu, "")
      .trim(),
  ];
  return plain.length <= width
    ? plain.join("")
    : `${plain
        .slice(0, width - 1)
        .join("")
        .trimEnd()}…`;
}
