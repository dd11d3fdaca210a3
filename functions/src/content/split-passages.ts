/** A sentence of a document, as a range of its text. */
export interface Sentence {
  /** UTF-16 offsets in the document's text, the end behind the last character. */
  start: number;
  end: number;
  /** The sentence as it is read out: see `asSpoken`. */
  text: string;
}

/** A part of a document that is found as one: a few sentences that follow each other. */
export interface Passage {
  /** Number of its document among the sources, from 0. */
  source: number;
  start: number;
  end: number;
  sentences: Sentence[];
}

/** A passage ends with the sentence that reaches this length. */
const PASSAGE_CHARS = 450;
/** A longer run without an end is no prose: a table, a list of links, code. */
const MAX_SENTENCE_CHARS = 1000;
/** A line at least this long that ends within a sentence was broken by a layout, as in text taken from a PDF. */
const WRAPPED_LINE_CHARS = 45;
/** Ends of segments that end no sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:dr|mr|mrs|ms|prof|st|vs|etc|e\.g|i\.e|cf|approx|fig|no|vol|ca|bzw|z\.\s?b|u\.\s?a|d\.\s?h|[A-Z])\.$/iu;

/** A mark of a footnote. */
const REFERENCE = /\[(?:\d{1,3}|citation needed)\]/g;

/**
 * The text of a quote as it is read out: blanks and line breaks are single blanks, and reference numbers such as `[12]`
 * are gone.
 */
export function asSpoken(quote: string): string {
  return quote
    .replace(REFERENCE, "")
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replace(/ ([,.;:!?])/g, "$1")
    .trim();
}

/**
 * Splits a document into passages. Every sentence is in exactly one of them; headings and other lines without an end
 * are in none.
 */
export function splitPassages(text: string, source: number, language: string): Passage[] {
  const passages: Passage[] = [];
  for (const paragraph of paragraphsOf(text)) {
    const open: Sentence[] = [];
    for (const sentence of sentencesOf(text, paragraph, language)) {
      open.push(sentence);
      if (sentence.end - (open[0]?.start ?? 0) >= PASSAGE_CHARS) passages.push(passageOf(source, open.splice(0)));
    }
    if (open.length > 0) passages.push(passageOf(source, open));
  }
  return passages;
}

interface Range {
  start: number;
  end: number;
}

function passageOf(source: number, sentences: Sentence[]): Passage {
  return { source, start: sentences[0]?.start ?? 0, end: sentences.at(-1)?.end ?? 0, sentences };
}

/** Ranges between empty lines. */
function paragraphsOf(text: string): Range[] {
  const ranges: Range[] = [];
  let start = 0;
  for (const { index, 0: gap } of text.matchAll(/\r?\n[^\S\n]*\r?\n\s*/g)) {
    ranges.push({ start, end: index });
    start = index + gap.length;
  }
  return [...ranges, { start, end: text.length }];
}

function sentencesOf(text: string, { start, end }: Range, language: string): Sentence[] {
  const paragraph = joinWrappedLines(text.slice(start, end)).replace(REFERENCE, (mark) => " ".repeat(mark.length));
  return segmentsOf(paragraph, language)
    .filter((segment) => segment.text.length <= MAX_SENTENCE_CHARS && /[.!?…]["'”’»)\]]*$/u.test(segment.text))
    .map((segment) => {
      const range = { start: start + segment.start, end: start + segment.end };
      return { ...range, text: asSpoken(text.slice(range.start, range.end)) };
    });
}

/**
 * The sentences of a text and what else stands on a line of its own, without blanks at the ends. A segment is not
 * empty.
 */
export function segmentsOf(text: string, language: string): Sentence[] {
  const sentences: Sentence[] = [];
  let from: number | undefined;
  const segments = [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(text)];
  for (const [place, { segment, index }] of segments.entries()) {
    from ??= index + (segment.length - segment.trimStart().length);
    const trimmed = segment.trimEnd();
    // An abbreviation ends a segment, and no sentence.
    if (ABBREVIATION.test(trimmed) && place < segments.length - 1) continue;
    const end = index + trimmed.length;
    if (end > from) sentences.push({ start: from, end, text: text.slice(from, end) });
    from = undefined;
  }
  return sentences;
}

/** Puts a blank in place of line breaks within sentences, one character for one. */
function joinWrappedLines(paragraph: string): string {
  const lines = paragraph.split("\n");
  return lines
    .map((line, index) => (index === lines.length - 1 ? line : `${line}${isWrapped(line) ? " " : "\n"}`))
    .join("");
}

function isWrapped(line: string): boolean {
  return line.length >= WRAPPED_LINE_CHARS && !/[.!?:…]["'”’»)\]]*$/u.test(line.trimEnd());
}
