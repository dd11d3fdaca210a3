import type { TimedSentence } from "./speech/narration.ts";

/** A text on the screen for a time. */
export interface Cue {
  startMs: number;
  endMs: number;
  text: string;
}

/** Two lines of 42 characters: https://partnerhelp.netflixstudios.com/hc/en-us/articles/217350977 */
const MAX_CUE_CHARS = 84;
/** A shorter rest joins the cue before it. */
const MIN_CUE_CHARS = 16;
/** A cue stays a little after its last word, unless the next one comes. */
const LINGER_MS = 250;

/**
 * Splits spoken sentences into captions of at most two lines, each shown while its words are said. They do not overlap.
 */
export function cuesOf(sentences: readonly TimedSentence[]): Cue[] {
  const cues = sentences.flatMap(cuesOfSentence);
  return cues.map((cue, index) => {
    const nextMs = cues[index + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    return { ...cue, endMs: Math.min(cue.endMs + LINGER_MS, nextMs) };
  });
}

function cuesOfSentence(sentence: TimedSentence): Cue[] {
  const parts = partsOf(sentence.text);
  const starts = parts.map(({ position }) => startOf(sentence, position));
  return parts.map(({ text }, index) => ({
    startMs: starts[index] ?? sentence.startMs,
    endMs: starts[index + 1] ?? sentence.endMs,
    text,
  }));
}

interface Part {
  text: string;
  /** Of its first character in the sentence, in code points. */
  position: number;
}

/** Parts of about equal length, cut at blanks, after punctuation where there is some. */
function partsOf(text: string): Part[] {
  const length = [...text].length;
  const count = Math.ceil(length / MAX_CUE_CHARS);
  const parts: Part[] = [];
  let rest = [...text];
  for (let left = count; rest.length > 0; left -= 1) {
    const end =
      left <= 1 && rest.length <= MAX_CUE_CHARS ? rest.length : cutNear(rest, rest.length / Math.max(left, 2));
    const part = rest.slice(0, end).join("");
    const blanks = part.length - part.trimStart().length;
    if (part.trim() !== "") parts.push({ text: part.trim(), position: length - rest.length + blanks });
    rest = rest.slice(end);
  }
  return parts;
}

/**
 * The place of the best blank near `ideal`: behind punctuation rather than elsewhere, and such that neither side is
 * tiny.
 */
function cutNear(characters: readonly string[], ideal: number): number {
  let best = Math.min(characters.length, MAX_CUE_CHARS);
  let bestCost = Number.POSITIVE_INFINITY;
  for (let at = MIN_CUE_CHARS; at <= Math.min(MAX_CUE_CHARS, characters.length - MIN_CUE_CHARS); at += 1) {
    if (characters[at] !== " ") continue;
    const isBehindPause = /[,;:–—.!?)]/u.test(characters[at - 1] ?? "");
    const cost = Math.abs(at - ideal) + (isBehindPause ? 0 : 14);
    if (cost < bestCost) [best, bestCost] = [at, cost];
  }
  return best;
}

/** When the word at a position begins: as the synthesizer told, else in proportion to the characters before it. */
function startOf({ text, startMs, endMs, words }: TimedSentence, position: number): number {
  if (position === 0) return startMs;
  const told = words.find((word) => word.position >= position);
  if (told !== undefined) return Math.min(Math.max(told.atMs, startMs), endMs);
  return startMs + (endMs - startMs) * (position / [...text].length);
}
