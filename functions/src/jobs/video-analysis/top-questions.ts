import { questionsIn } from "./questions.ts";
import { excerpt, isCoarse } from "./sentences.ts";

/** A comment that may ask something. `likes` is absent when the number is unknown. */
export interface AskingComment {
  index: number;
  text: string;
  likes?: number;
}

const MAX_QUESTIONS = 5;
const MAX_QUESTION_CHARS = 280;
/** From this share of common words two questions are one. */
const SAME_QUESTION = 0.6;

const EMPTY_WORDS: ReadonlySet<string> = new Set(
  "the a an is are was were do does did to of in on at for and or but so this that it its you u i me my we they he she his her who what when where why how which can could would will have has be there here just with from any know".split(
    " ",
  ),
);

interface Question {
  index: number;
  text: string;
  likes: number | undefined;
  words: ReadonlySet<string>;
}

/**
 * The questions most worth an answer: most liked first, then those that say most, each asked once (of two that share
 * most of their words the first in that order stays). At most 5.
 */
export function findTopQuestions(
  comments: readonly AskingComment[],
): { index: number; text: string; likes?: number }[] {
  const ranked = comments
    .flatMap(longestQuestion)
    .sort((a, b) => (b.likes ?? 0) - (a.likes ?? 0) || informativeness(b) - informativeness(a) || a.index - b.index);
  const chosen: Question[] = [];
  for (const question of ranked) {
    if (chosen.length === MAX_QUESTIONS) break;
    if (!chosen.some(({ words }) => overlap(words, question.words) >= SAME_QUESTION)) chosen.push(question);
  }
  return chosen.map(({ index, text, likes }) => ({ index, text, ...(likes !== undefined && { likes }) }));
}

/** Rates a question: more words of content are better, a long text is worse, and coarse words are worst. */
function informativeness({ text, words }: Question): number {
  return words.size - Math.max(0, text.length - 120) / 15 - (isCoarse(text) ? 12 : 0);
}

function longestQuestion({ index, text, likes }: AskingComment): Question[] {
  const asked = questionsIn(text).map((sentence) => ({ sentence, words: contentWords(sentence) }));
  const [best] = asked.sort((a, b) => b.words.size - a.words.size);
  if (best === undefined || best.words.size === 0) return [];
  return [{ index, likes, text: excerpt(best.sentence, MAX_QUESTION_CHARS), words: best.words }];
}

/** At most 12: a rant is no better a question for being long. */
function contentWords(sentence: string): Set<string> {
  const words = sentence.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu) ?? [];
  return new Set(words.filter((word) => !EMPTY_WORDS.has(word)).slice(0, 12));
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / Math.min(a.size, b.size);
}
