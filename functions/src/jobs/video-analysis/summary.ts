import { storableText } from "@baton/engine/kit";
import { languageOf } from "./language.ts";
import type { CommentClass, Sentiment } from "./schemas.ts";
import { excerpt, isCoarse, sentencesOf } from "./sentences.ts";

/** A comment as the summary sees it. */
export interface SummaryComment {
  text: string;
  likes: number;
  sentiment: Sentiment;
  class: CommentClass;
}

const MAX_SENTENCES = 4;
const MAX_SENTENCE_CHARS = 240;
const MIN_WORDS = 4;
const MAX_WORDS = 40;
/** A side that this share of the opinions takes is heard. */
const MIN_SIDE_SHARE = 0.15;
/** Two sentences that share this much of their words say one thing. */
const SAME_SENTENCE = 0.5;

interface Sentence {
  text: string;
  words: ReadonlySet<string>;
  weight: number;
}

/**
 * Writes a line of counts, then up to four representative sentences, quoted from the comments unchanged. Spam is
 * counted and not quoted. Deterministic. `feel` gives the sentiment of a single sentence.
 */
export function summarize(comments: readonly SummaryComment[], feel: (sentence: string) => Sentiment): string {
  if (comments.length === 0) return "There are no comments to analyse.";
  const honest = comments.filter((comment) => comment.class !== "spam");
  const quotes = pickSentences(honest, feel).map(({ text }) => `“${excerpt(text, MAX_SENTENCE_CHARS)}”`);
  return [countLine(comments, honest), ...quotes].join("\n");
}

function countLine(comments: readonly SummaryComment[], honest: readonly SummaryComment[]): string {
  const number = (count: number, one: string, many: string) =>
    `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
  const total = number(comments.length, "comment", "comments");
  const spam = comments.length - honest.length;
  if (honest.length === 0) return `${total}, all of ${comments.length === 1 ? "it" : "them"} spam.`;
  const share = (sentiment: Sentiment) =>
    `${Math.round((100 * honest.filter((comment) => comment.sentiment === sentiment).length) / honest.length)}% ${sentiment}`;
  const questions = honest.filter((comment) => comment.class === "question").length;
  const suggestions = honest.filter((comment) => comment.class === "suggestion").length;
  const parts = [
    `${share("positive")}, ${share("neutral")}, ${share("negative")}`,
    ...(questions > 0 ? [number(questions, "question", "questions")] : []),
    ...(suggestions > 0 ? [number(suggestions, "suggestion", "suggestions")] : []),
  ];
  const lead = spam > 0 ? `${total}, ${spam.toLocaleString("en-US")} of them spam. The others: ` : `${total}: `;
  return `${lead}${parts.join("; ")}.`;
}

/** The weightiest sentence of each side that counts, then the weightiest of all, none like another. */
function pickSentences(comments: readonly SummaryComment[], feel: (sentence: string) => Sentiment): Sentence[] {
  const sentences = rankSentences(comments);
  const chosen: Sentence[] = [];
  const choose = (isWanted: (sentence: Sentence) => boolean) => {
    const found = sentences.find(
      (sentence) => isWanted(sentence) && !chosen.some(({ words }) => overlap(words, sentence.words) >= SAME_SENTENCE),
    );
    if (found !== undefined) chosen.push(found);
  };
  for (const side of ["positive", "negative"] as const) {
    const share = comments.filter(({ sentiment }) => sentiment === side).length / comments.length;
    if (share >= MIN_SIDE_SHARE) choose(({ text }) => feel(text) === side);
  }
  const wanted = Math.min(MAX_SENTENCES, Math.max(2, Math.ceil(comments.length / 3)));
  for (let left = wanted - chosen.length; left > 0; left -= 1) choose(() => true);
  return chosen;
}

function rankSentences(comments: readonly SummaryComment[]): Sentence[] {
  const candidates = comments.flatMap((comment) => {
    const found = sentencesOf(storableText(comment.text, 2000))
      .slice(0, 20)
      .map((text) => ({ text, words: contentWords(text), comment }));
    return found.filter(({ text }) => isReadable(text));
  });
  const commentsWith = new Map<string, number>();
  for (const { words } of candidates)
    for (const word of words) commentsWith.set(word, (commentsWith.get(word) ?? 0) + 1);
  const seen = new Set<string>();
  return candidates
    .map(({ text, words, comment }) => ({
      text,
      words,
      weight: weigh(words, commentsWith, comment),
    }))
    .sort((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1))
    .filter(({ text }) => !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()));
}

/** The mean weight of its words, more for what many liked. */
function weigh(
  words: ReadonlySet<string>,
  commentsWith: ReadonlyMap<string, number>,
  { likes }: SummaryComment,
): number {
  if (words.size === 0) return 0;
  const sum = [...words].reduce((total, word) => total + Math.log(commentsWith.get(word) ?? 1), 0);
  return (sum / Math.sqrt(words.size + 2)) * (1 + Math.log10(1 + likes));
}

function isReadable(sentence: string): boolean {
  const words = sentence.match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? [];
  const letters = sentence.match(/\p{L}/gu)?.length ?? 0;
  const isShouted = letters > 10 && sentence === sentence.toUpperCase() && sentence !== sentence.toLowerCase();
  const isWordy = words.length >= MIN_WORDS && words.length <= MAX_WORDS && sentence.length <= MAX_SENTENCE_CHARS;
  const isPlain = !isShouted && !isCoarse(sentence) && !/https?:|www\.|(.)\1{3,}/iu.test(sentence);
  return isWordy && isPlain && letters >= sentence.length * 0.6 && languageOf(sentence) !== "none";
}

const EMPTY_WORDS: ReadonlySet<string> = new Set(
  "the and this that with for you your are was were have has had but not they she his her him its it's i'm im just like from who what when how why all out can will would about there their them than then too very really dont don't so of to in on is it me my we he be at as or if do a an i up by no get got one video".split(
    " ",
  ),
);

function contentWords(sentence: string): Set<string> {
  const words = sentence.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu) ?? [];
  return new Set(words.filter((word) => !EMPTY_WORDS.has(word)).slice(0, MAX_WORDS));
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  return [...a].filter((word) => b.has(word)).length / Math.min(a.size, b.size);
}
