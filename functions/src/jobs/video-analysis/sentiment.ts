import { languageOf } from "./language.ts";
import type { Sentiment } from "./schemas.ts";
import { emojiValence, INTENSIFIERS, NEGATIONS, PHRASES, WORD_VALENCES } from "./sentiment-lexicon.ts";

/** Polarity of a word that the lexicon lacks, -1 to 1; 0 when nothing is known of it. */
export type PolarityOf = (word: string) => number;

/**
 * From this score a comment is positive, and from its negative it is negative. Chosen by reading the comments around
 * it.
 */
const THRESHOLD = 0.2;
/** The language model's polarities are small and the weakest ones are noise. */
const MODEL_SCALE = 2.5;
const MIN_MODEL_POLARITY = 0.35;
/** A sum of valences this squared gives a score of 0.71: as in VADER (Hutto and Gilbert, 2014). */
const SATURATION = 15;
/** A negation reaches this many words ahead, and leaves this share of the opinion, turned round. */
const NEGATION_REACH = 3;
const NEGATED_SHARE = -0.7;
const MAX_WORDS = 400;

interface Word {
  /** Lower case, without apostrophes. */
  plain: string;
  isShouted: boolean;
  /** True for the first word after a comma or other punctuation: a negation does not reach across it. */
  startsClause: boolean;
}

/**
 * Polarity of a cleaned comment, -1 to 1, rounded to three decimals. 0 means that nothing is known: no opinion, or a
 * language other than English, of which only emoji and emoticons are read.
 */
export function sentimentScore(text: string, polarityOf: PolarityOf): number {
  const valence = emojiValence(text) + (languageOf(text) !== "other" ? proseValence(text, polarityOf) : 0);
  return Math.round((valence / Math.sqrt(valence * valence + SATURATION)) * 1000) / 1000 || 0;
}

/** The word for a score. */
export function sentimentOf(score: number): Sentiment {
  if (score >= THRESHOLD) return "positive";
  return score <= -THRESHOLD ? "negative" : "neutral";
}

function proseValence(text: string, polarityOf: PolarityOf): number {
  const withoutLinks = text.slice(0, 10_000).replace(/(?:https?:\/\/|www\.)\S*/gi, " ");
  let sum = 0;
  for (const sentence of withoutLinks.split(/(?<=[.!?…])\s+|\n+/)) sum += sentenceValence(sentence, polarityOf);
  return sum;
}

function sentenceValence(sentence: string, polarityOf: PolarityOf): number {
  const words = wordsOf(sentence);
  const turn = words.findIndex(({ plain }, at) => at > 0 && (plain === "but" || plain === "however"));
  const halves = turn < 0 ? [words] : [words.slice(0, turn), words.slice(turn + 1)];
  const [before = 0, after] = halves.map((half) => clauseValence(half, polarityOf));
  const valence = after === undefined ? before : 0.5 * before + 1.5 * after;
  const stress = 1 + 0.1 * Math.min(sentence.match(/!/g)?.length ?? 0, 3);
  return valence * stress * (isOpenQuestion(sentence, words) ? 0.3 : 1);
}

/** Who asks for "the best camera" praises nothing. */
function isOpenQuestion(sentence: string, words: readonly Word[]): boolean {
  return (
    /\?\s*$/.test(sentence) &&
    /^(?:what|whats|which|who|whos|where|when|how|is|are|does|do|did|can|could|anyone|anybody|any|would|will)$/.test(
      words[0]?.plain ?? "",
    )
  );
}

function clauseValence(words: readonly Word[], polarityOf: PolarityOf): number {
  const line = ` ${words.map(({ plain }) => plain).join(" ")} `;
  const { sum: phrases, taken } = phraseValence(line);
  let sum = phrases;
  const valenceAt = (at: number) => wordValence(words[at]?.plain ?? "", polarityOf);
  words.forEach((word, at) => {
    // In "pretty boring" the first word is no praise.
    const isAdverb = INTENSIFIERS.has(word.plain) && at + 1 < words.length && valenceAt(at + 1) !== 0;
    if (taken.has(at) || isAdverb) return;
    const valence = valenceAt(at) * (word.isShouted ? 1.2 : 1);
    if (valence !== 0)
      sum += valence * intensity(words, at, valence) * (isNegated(words, at, taken) ? NEGATED_SHARE : 1);
  });
  return sum;
}

/** Adds the phrases up and says which words they used, so that none counts twice. */
function phraseValence(line: string): { sum: number; taken: Set<number> } {
  const taken = new Set<number>();
  let sum = 0;
  for (const [phrase, valence] of PHRASES_LONGEST_FIRST) {
    for (let from = line.indexOf(` ${phrase} `); from >= 0; from = line.indexOf(` ${phrase} `, from + 1)) {
      const first = line.slice(0, from).split(" ").length - 1;
      const places = Array.from({ length: phrase.split(" ").length }, (_, step) => first + step);
      if (places.some((place) => taken.has(place))) continue;
      for (const place of places) taken.add(place);
      sum += valence;
    }
  }
  return { sum, taken };
}

const PHRASES_LONGEST_FIRST = [...PHRASES].sort(([a], [b]) => b.length - a.length);

function wordValence(word: string, polarityOf: PolarityOf): number {
  for (const spelling of [word, word.replace(/(.)\1{2,}/gu, "$1$1"), word.replace(/(.)\1+/gu, "$1")]) {
    const valence = WORD_VALENCES.get(spelling);
    if (valence !== undefined) return valence;
  }
  if (INTENSIFIERS.has(word) || NEGATIONS.has(word) || word.length < 3) return 0;
  const polarity = polarityOf(word);
  return Math.abs(polarity) >= MIN_MODEL_POLARITY ? MODEL_SCALE * polarity : 0;
}

function intensity(words: readonly Word[], at: number, valence: number): number {
  const before = words[at - 1]?.plain ?? "";
  const factor = INTENSIFIERS.get(before) ?? INTENSIFIERS.get(words[at - 2]?.plain ?? "") ?? 1;
  // "too good" is praise, yet "too nice to..." is rare: only complaints grow with "too".
  return before === "too" && valence > 0 ? 1 : factor;
}

function isNegated(words: readonly Word[], at: number, taken: ReadonlySet<number>): boolean {
  for (let back = 1; back <= NEGATION_REACH; back += 1) {
    const word = words[at - back];
    if (words[at - back + 1]?.startsClause === true) return false;
    if (word !== undefined && NEGATIONS.has(word.plain) && !taken.has(at - back)) return true;
  }
  return false;
}

function wordsOf(sentence: string): Word[] {
  const found = [...sentence.matchAll(/[\p{L}\p{M}\d]+(?:['’`´]\p{L}+)*/gu)].slice(0, MAX_WORDS);
  const isAllShouted = found.every(([word]) => word === word.toUpperCase());
  let end = 0;
  return found.map(({ 0: word, index }) => {
    const gap = sentence.slice(end, index);
    const startsClause = end > 0 && /[,;:(]/.test(gap);
    end = index + word.length;
    return {
      plain: word
        .slice(0, 60)
        .toLowerCase()
        .replace(/['’`´]/g, ""),
      isShouted: !isAllShouted && word.length > 2 && word === word.toUpperCase() && /\p{Lu}/u.test(word),
      startsClause,
    };
  });
}
