import { speakingMs } from "../../../content/speaking-time.ts";
import { type Stemmer, wordsOf } from "../../../content/words.ts";

/** Shorter words are articles and the like in most languages: they tell nothing. */
const MIN_WORD_CHARS = 4;
/** The weight of a word once it was said, as a share of its weight before. */
const SAID_WEIGHT = 0.7;

/**
 * Chooses the sentences that tell most of a text in a time, in their order: all of them when they fit. The first is
 * kept where it fits. Then the sentence whose words are the most frequent comes next, and words that were said count
 * less from then on. It is SumBasic (Nenkova and Vanderwende, Microsoft Research 2005), which squares the shares of
 * words that were said: in a short text that would prefer what is beside the point.
 */
export function condense(sentences: readonly string[], budgetMs: number, stem: Stemmer): string[] {
  const stems = sentences.map((sentence) =>
    wordsOf(sentence)
      .filter((word) => word.length >= MIN_WORD_CHARS)
      .map(stem),
  );
  const weights = sharesOf(stems.flat());
  const weigh = (index: number) => {
    const words = stems[index] ?? [];
    return words.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0) / Math.max(1, words.length);
  };
  const chosen = new Set<number>();
  let leftMs = budgetMs;
  const fits = (index: number) => !chosen.has(index) && speakingMs(sentences[index] ?? "") <= leftMs;
  const choose = (index: number) => {
    chosen.add(index);
    leftMs -= speakingMs(sentences[index] ?? "");
    for (const word of new Set(stems[index])) weights.set(word, (weights.get(word) ?? 0) * SAID_WEIGHT);
  };
  const mostTelling = () => [...sentences.keys()].filter(fits).sort((a, b) => weigh(b) - weigh(a))[0];
  if (fits(0)) choose(0);
  for (let next = mostTelling(); next !== undefined; next = mostTelling()) choose(next);
  return sentences.filter((_, index) => chosen.has(index));
}

/** How often each word comes, as a share of all words. */
function sharesOf(words: readonly string[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const word of words) shares.set(word, (shares.get(word) ?? 0) + 1 / words.length);
  return shares;
}
