import { storableText } from "@baton/engine/kit";

let made: Intl.Segmenter | undefined;

/** Makes it at the first call: that takes about 20 ms, and every function loads this file at its start. */
function segmenter(): Intl.Segmenter {
  made ??= new Intl.Segmenter("en", { granularity: "sentence" });
  return made;
}

/** Splits a text of any language into its sentences, trimmed and unchanged. A line break ends a sentence. */
export function sentencesOf(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) =>
      [...segmenter().segment(line)].map(({ segment }) => segment.trim()).filter((sentence) => sentence !== ""),
    );
}

const COARSE =
  /\b(?:\w*fuck\w*|\w*shit\w*|bitch\w*|cunt\w*|nigg\w*|fag\w*|whores?|sluts?|dick|cock|pussy|retard\w*|gooks?|chinks?|japs?|rap(?:e|ed|ist))\b/i;

/** True for a text with words that do not belong in a summary. */
export function isCoarse(text: string): boolean {
  return COARSE.test(text);
}

/**
 * The text itself, or its first `maxChars` characters cut at a blank where there is one near, with `…` in place of the
 * rest.
 */
export function excerpt(text: string, maxChars: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= maxChars) return line;
  const room = storableText(line, maxChars - 1);
  const blank = room.lastIndexOf(" ");
  const endsWord = line[maxChars - 1] === " ";
  const cut = !endsWord && blank > maxChars * 0.7 ? room.slice(0, blank) : room;
  return `${cut}…`;
}
