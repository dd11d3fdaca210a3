import type { Fonts, FontWeight } from "./fonts.ts";

/** Room for a text. */
export interface TextBox {
  width: number;
  maxLines: number;
  weight: FontWeight;
  /** Sizes to try, the largest first, in pixels. */
  sizes: readonly number[];
}

/** A text broken into lines of one size. */
export interface TextLines {
  lines: string[];
  size: number;
}

/** Breaks a text into lines, in the largest size that fits the box; cut with `…` when none does. */
export function fitText(fonts: Fonts, text: string, box: TextBox): TextLines {
  const words = text.split(/\s+/).filter((word) => word !== "");
  for (const size of box.sizes) {
    const wrapAt = (width: number) => wrap(words, (line) => fonts.widthOf(line, size, box.weight) <= width);
    const lines = wrapAt(box.width);
    if (lines.length <= box.maxLines) return { lines: balanced(lines, wrapAt, box.width), size };
  }
  const size = box.sizes.at(-1) ?? 16;
  const fits = (line: string) => fonts.widthOf(line, size, box.weight) <= box.width;
  const lines = wrap(words, fits).slice(0, box.maxLines);
  return { lines: lines.map((line, index) => (index < box.maxLines - 1 ? line : shortened(line, fits))), size };
}

/**
 * The lines of the narrowest of some widths that needs no more of them: about equally long, so no word stands alone.
 */
function balanced(lines: string[], wrapAt: (width: number) => string[], width: number): string[] {
  const shares = [0.55, 0.62, 0.7, 0.78, 0.86, 0.93];
  // A width that breaks a word gives another text.
  const isAsGood = (tried: string[]) => tried.length === lines.length && tried.join(" ") === lines.join(" ");
  return (lines.length > 1 && shares.map((share) => wrapAt(width * share)).find(isAsGood)) || lines;
}

/** Greedy; a word that is longer than a line is broken between its characters. */
function wrap(words: readonly string[], fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && fits(`${line} ${word}`)) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = broken(word, fits);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return line === "" ? lines : [...lines, line];
}

function broken(word: string, fits: (line: string) => boolean): string[] {
  if (fits(word)) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const char of word) {
    if (piece !== "" && !fits(piece + char)) {
      pieces.push(piece);
      piece = "";
    }
    piece += char;
  }
  return [...pieces, piece];
}

function shortened(line: string, fits: (line: string) => boolean): string {
  let characters = [...line];
  while (characters.length > 1 && !fits(`${characters.join("")}…`)) characters = characters.slice(0, -1);
  return `${characters.join("").trimEnd()}…`;
}
