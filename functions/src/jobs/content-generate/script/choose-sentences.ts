import { bm25 } from "../../../content/bm25.ts";
import { speakingMs } from "../../../content/speaking-time.ts";
import type { Sentence } from "../../../content/split-passages.ts";
import type { TextTools } from "../../../content/text-tools.ts";
import { cosine } from "../../../content/word-vectors.ts";
import { wordsOf } from "../../../content/words.ts";
import type { FoundPassage } from "../rag/retrieve.ts";
import type { Understanding } from "../schemas.ts";
import { isQuotable, pointsBack } from "./quotable.ts";

/** Tools of composing that are loaded. */
export interface ComposingTools extends TextTools {
  /** True when the font has every letter of a text. */
  draws(text: string): boolean;
}

/** A sentence that was chosen, with where it is from. */
export interface ChosenSentence extends Sentence {
  source: number;
  /** Rank of its passage, from 0. */
  passage: number;
}

/** A sentence with its worth for the question. */
interface Candidate extends ChosenSentence {
  stems: ReadonlySet<string>;
  worth: number;
  /** The sentence before it in its passage, when it points back to that. */
  needs?: Candidate;
}

/** The most that the chosen sentences may take beyond the time, as a share; what a faster voice makes up for. */
const OVERRUN = 0.04;

/**
 * Chooses the sentences that answer a question best and fill `ms` when they are read out, without saying a thing twice:
 * the worthiest one, then the one that adds most to it, and so on. A sentence that points back comes with the one
 * before it. They come in the order in which they are understood: what defines the topic first, then as the sources
 * have them.
 */
export function chooseSentences(
  passages: readonly FoundPassage[],
  question: Understanding,
  tools: ComposingTools,
  ms: number,
): ChosenSentence[] {
  const open = candidatesOf(passages, question, tools);
  const chosen: Candidate[] = [];
  let usedMs = 0;
  for (let next = takeBest(open, chosen); next; next = takeBest(open, chosen)) {
    const added = withNeeded(next, chosen);
    const addedMs = added.reduce((sum, { text }) => sum + speakingMs(text), 0);
    if (usedMs + addedMs > ms * (1 + OVERRUN)) continue;
    usedMs += addedMs;
    chosen.push(...added);
  }
  return inOrder(chosen, question, tools);
}

function candidatesOf(passages: readonly FoundPassage[], question: Understanding, tools: ComposingTools): Candidate[] {
  const { stem, vectors, draws } = tools;
  const sentences = passages.flatMap((passage, rank) =>
    passage.sentences.map((sentence) => ({ sentence, passage, rank })),
  );
  const words = sentences.map(({ sentence }) => wordsOf(sentence.text));
  const matches = bm25(words.map((list) => list.map(stem))).scores(
    new Map(question.keywords.map((word) => [stem(word), 1])),
  );
  const best = Math.max(...matches, 1e-9);
  const direction = vectors?.meanOf(question.keywords);
  const all = sentences.map(({ sentence, passage, rank }, index): Candidate => {
    const list = words[index] ?? [];
    const meaning = cosine(direction, vectors?.meanOf(list));
    const worth =
      (matches[index] ?? 0) / best + 0.6 * Math.max(0, meaning) + 0.5 * passage.score - strain(list, question, vectors);
    return { ...sentence, source: passage.source, passage: rank, stems: new Set(list.map(stem)), worth };
  });
  return all.flatMap((candidate, index) => {
    if (!isQuotable(candidate) || !draws(candidate.text)) return [];
    if (!pointsBack(candidate.text)) return [candidate];
    const before = all[index - 1];
    const isWhole =
      before?.passage === candidate.passage && isQuotable(before) && draws(before.text) && !pointsBack(before.text);
    return before && isWhole ? [{ ...candidate, needs: before }] : [];
  });
}

/** How hard a sentence is for its audience: long ones and rare words cost beginners something. */
function strain(words: readonly string[], { level }: Understanding, vectors: TextTools["vectors"]): number {
  if (level !== "beginner") return 0;
  const rare = vectors
    ? words.filter((word) => (vectors.rankOf(word) ?? 60_000) > 15_000).length / Math.max(1, words.length)
    : 0;
  return 0.02 * Math.max(0, words.length - 16) + 0.8 * rare;
}

/** Takes the candidate out that adds most: its worth, less what the chosen ones say already. */
function takeBest(open: Candidate[], chosen: readonly Candidate[]): Candidate | undefined {
  let best = -1;
  let bestGain = 0.05;
  for (const [index, candidate] of open.entries()) {
    const repeated = Math.max(0, ...chosen.map((other) => overlap(candidate.stems, other.stems)));
    if (repeated > 0.75) continue;
    const gain = candidate.worth * (1 - repeated);
    if (gain > bestGain) [best, bestGain] = [index, gain];
  }
  return best === -1 ? undefined : open.splice(best, 1)[0];
}

/** The share of the smaller set that is in both. */
function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((stem) => other.has(stem)).length;
  return shared / Math.max(1, Math.min(one.size, other.size));
}

function withNeeded(candidate: Candidate, chosen: readonly Candidate[]): Candidate[] {
  const { needs } = candidate;
  const isThere = !needs || chosen.some(({ source, start }) => source === needs.source && start === needs.start);
  return isThere ? [candidate] : [needs, candidate];
}

function inOrder(chosen: readonly Candidate[], question: Understanding, { stem }: TextTools): ChosenSentence[] {
  const unique = [...new Map(chosen.map((sentence) => [`${sentence.source}:${sentence.start}`, sentence])).values()];
  const sorted = unique.sort((a, b) => a.source - b.source || a.start - b.start);
  const keywords = new Set(question.keywords.map(stem));
  const defines = ({ text, needs }: Candidate) => {
    const [subject = "", rest] = text.split(
      /\b(?:is|are|was|were|means|refers to|ist|sind|est|sont|es|son|è|sono)\b/,
      2,
    );
    return (
      needs === undefined &&
      rest !== undefined &&
      subject.length < 60 &&
      wordsOf(subject).some((word) => keywords.has(stem(word)))
    );
  };
  const first = sorted.filter(defines).sort((a, b) => b.worth - a.worth)[0];
  const rest = sorted.filter((sentence) => sentence !== first);
  const leads =
    first && !rest.some(({ needs }) => needs && needs.source === first.source && needs.start === first.start);
  return (leads ? [first, ...rest] : sorted).map(({ source, passage, start, end, text }) => ({
    source,
    passage,
    start,
    end,
    text,
  }));
}
