import { asSpoken, segmentsOf } from "../../../content/split-passages.ts";
import type { Fonts } from "../../../media/fonts.ts";
import type { LanguageCode } from "../../../media/languages.ts";

/** A content, and facts about it. */
export interface ContentToRead {
  content: string;
  title?: string | undefined;
  author?: string | undefined;
  language: LanguageCode;
}

/** The sentences of a content, as a voice can say them and a picture show them. */
export interface Analysis {
  title: string;
  author?: string | undefined;
  /** In their order; a line without an end counts as one, and a long sentence as several. */
  sentences: string[];
}

/** Reasons for which no video can be made of a content. */
export type ContentRefusal = "nothing-to-say" | "unsupported-script" | "unreadable-content";

/** The outcome of a reading: read, or why it cannot be shown, as a sentence for its author. */
export type ContentReading =
  | { outcome: "read"; analysis: Analysis }
  | { outcome: "refused"; code: ContentRefusal; message: string };

/** Longer sentences are parted, so that each fits into a short video: some 10 s. */
const MAX_SENTENCE_CHARS = 160;
const MAX_WORD_CHARS = 80;
const MAX_TITLE_CHARS = 60;

/**
 * Reads a content: its sentences and its title, without signs that the font lacks. Refuses one without a word, one in
 * letters that cannot be shown, and one with an unpronounceable word.
 */
export function analyseContent(
  { content, title, author, language }: ContentToRead,
  { missingIn }: Pick<Fonts, "missingIn">,
): ContentReading {
  const missing = missingIn([content, title, author].join(" "));
  const letters = missing.filter((char) => /\p{L}/u.test(char));
  if (letters.length > 0) {
    return refused("unsupported-script", `Media cannot show these letters: ${letters.slice(0, 10).join(" ")}`);
  }
  const shown = (text: string) => [...text].filter((char) => !missing.includes(char)).join("");
  const lines = segmentsOf(content, language).map(({ text }) => asSpoken(shown(text)));
  const sentences = lines.filter(hasWord).flatMap(partsOf);
  const [first] = sentences;
  if (first === undefined) return refused("nothing-to-say", "The content has no word to say.");
  const word = sentences.flatMap((text) => text.split(" ")).find((text) => text.length > MAX_WORD_CHARS);
  if (word !== undefined) {
    const message = `The content has a word of ${word.length} characters: ${word.slice(0, 20)}… The most is ${MAX_WORD_CHARS}.`;
    return refused("unreadable-content", message);
  }
  const given = title === undefined ? "" : asSpoken(shown(title));
  const by = author === undefined ? "" : asSpoken(shown(author));
  const analysis = { title: hasWord(given) ? given : titleOf(first), sentences, ...(hasWord(by) && { author: by }) };
  return { outcome: "read", analysis };
}

function refused(code: ContentRefusal, message: string): ContentReading {
  return { outcome: "refused", code, message };
}

function hasWord(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** Parts a long sentence at blanks into pieces of about equal length. */
function partsOf(sentence: string): string[] {
  const pieceChars = sentence.length / Math.ceil(sentence.length / MAX_SENTENCE_CHARS);
  const pieces: string[] = [];
  let piece = "";
  for (const word of sentence.split(" ")) {
    const isFull = piece.length >= pieceChars || piece.length + word.length >= MAX_SENTENCE_CHARS;
    if (piece !== "" && isFull) {
      pieces.push(piece);
      piece = "";
    }
    piece = piece === "" ? word : `${piece} ${word}`;
  }
  return [...pieces, piece].filter(hasWord);
}

/** The beginning of a sentence, as a heading. */
function titleOf(sentence: string): string {
  const bare = sentence.replace(/[.!:;,\s]+$/u, "");
  if (bare.length <= MAX_TITLE_CHARS) return bare;
  const end = bare.lastIndexOf(" ", MAX_TITLE_CHARS);
  return `${bare.slice(0, end > 0 ? end : MAX_TITLE_CHARS).replace(/[\p{P}\s]+$/u, "")}…`;
}
