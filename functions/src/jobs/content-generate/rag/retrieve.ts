import { bm25 } from "../../../content/bm25.ts";
import { type Passage, splitPassages } from "../../../content/split-passages.ts";
import type { TextTools } from "../../../content/text-tools.ts";
import { cosine } from "../../../content/word-vectors.ts";
import { type Stemmer, wordsOf } from "../../../content/words.ts";
import type { LanguageCode } from "../../../media/languages.ts";

/** A text to find passages in. */
export interface SourceText {
  title: string;
  text: string;
}

/** The question that passages are wanted for. */
export interface Question {
  keywords: readonly string[];
  /** Interests of the audience: they count where two passages fit the question alike. */
  interests: readonly string[];
  language: LanguageCode;
}

/** A passage with its place among those found. */
export interface FoundPassage extends Passage {
  /** Its name in scripts: `p1` is the best. */
  id: string;
  /** 0 to 1, of the best match 1. */
  score: number;
}

const MAX_PASSAGES = 24;
const INTEREST_WEIGHT = 0.2;
/** Constant of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009. */
const FUSION_CONSTANT = 60;
/** A passage without a word of the question matches it when its meaning is this near. */
const MIN_COSINE = 0.62;
/**
 * So many passages before and behind one that matches belong to the subject, if their meaning is this near to that of
 * all matches.
 */
const NEIGHBOURS = 2;
const MIN_NEIGHBOUR_COSINE = 0.78;

/**
 * Finds the passages that answer a question: by BM25 and by the meaning of words, fused by their ranks. First come
 * those that match, by a word of the question or by its meaning, the best first; then their neighbours. None come when
 * the sources say nothing about it.
 */
export function retrieve(
  sources: readonly SourceText[],
  question: Question,
  { stem, vectors }: TextTools,
): FoundPassage[] {
  const passages = sources.flatMap(({ text }, index) => splitPassages(text, index, question.language));
  const words = passages.map(({ sentences }) => sentences.flatMap((sentence) => wordsOf(sentence.text)));
  const index = bm25(words.map((list) => list.map(stem)));
  const keywords = stemsOf(question.keywords, 1, stem);
  const matches = index.scores(keywords);
  const byWords = index.scores(new Map([...stemsOf(question.interests, INTEREST_WEIGHT, stem), ...keywords]));
  const meanings = words.map((list) => vectors?.meanOf(list));
  const direction = vectors?.meanOf(question.keywords.flatMap(wordsOf));
  const interest = vectors?.meanOf(question.interests.flatMap(wordsOf));
  const near = meanings.map((meaning) => cosine(direction, meaning));
  const byMeaning = meanings.map((meaning, place) => (near[place] ?? 0) + INTEREST_WEIGHT * cosine(interest, meaning));
  const fused = fuse(vectors ? [byWords, byMeaning] : [byWords]);
  const isMatch = (place: number) => (matches[place] ?? 0) > 0 || (near[place] ?? 0) >= MIN_COSINE;
  const subject = vectors?.meanOf(words.filter((_, place) => isMatch(place)).flat());
  const isNeighbour = (place: number) =>
    (!vectors || cosine(subject, meanings[place]) >= MIN_NEIGHBOUR_COSINE) &&
    around(place).some((other) => passages[other]?.source === passages[place]?.source && isMatch(other));
  const places = [...passages.keys()].sort((a, b) => (fused[b] ?? 0) - (fused[a] ?? 0) || a - b);
  const matching = places.filter(isMatch);
  const ranked = [...matching, ...places.filter((place) => !isMatch(place) && isNeighbour(place))];
  const best = fused[ranked[0] ?? -1] ?? 1;
  return ranked.slice(0, MAX_PASSAGES).flatMap((place, rank) => {
    const passage = passages[place];
    return passage ? [{ ...passage, id: `p${rank + 1}`, score: Math.min(1, (fused[place] ?? 0) / best) }] : [];
  });
}

function around(place: number): number[] {
  return Array.from({ length: 2 * NEIGHBOURS + 1 }, (_, step) => place + step - NEIGHBOURS).filter(
    (other) => other !== place,
  );
}

function stemsOf(words: readonly string[], weight: number, stem: Stemmer): Map<string, number> {
  return new Map(words.flatMap(wordsOf).map((word) => [stem(word), weight]));
}

/** Reciprocal rank fusion: a text's score is the sum over the lists of 1 / (constant + its rank). */
function fuse(lists: readonly (readonly number[])[]): number[] {
  const fused = new Array<number>(lists[0]?.length ?? 0).fill(0);
  for (const scores of lists) {
    const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    for (const [rank, place] of order.entries()) fused[place] = (fused[place] ?? 0) + 1 / (FUSION_CONSTANT + rank + 1);
  }
  return fused;
}
