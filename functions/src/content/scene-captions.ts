import { bm25 } from "./bm25.ts";
import type { TaggedWord } from "./language-model.ts";
import type { TextTools } from "./text-tools.ts";
import { cosine } from "./word-vectors.ts";
import { wordsOf } from "./words.ts";

/** The subject of scenes: the line of the first one, and words that the others are near to. */
export interface Subject {
  title: string;
  keywords: readonly string[];
}

/** Tags an English text; absent for other languages. */
export type NounPhraseTagger = (text: string) => readonly TaggedWord[];

const MAX_PHRASE_WORDS = 4;
const MIN_LETTERS = 4;
/** A word less frequent than this tells something of its own. */
const RARE_RANK = 4000;

/**
 * A line for each scene, taken from its sentences: the noun phrase that tells it best from the other scenes. The first
 * scene has the title. No line comes twice.
 */
export function captionsOf(
  subject: Subject,
  scenes: readonly (readonly string[])[],
  { stem, vectors }: TextTools,
  tag?: NounPhraseTagger,
): string[] {
  const index = bm25(scenes.map((texts) => texts.flatMap(wordsOf).map(stem)));
  const direction = vectors?.meanOf(subject.keywords);
  const used = new Set([key(subject.title)]);
  return scenes.map((texts, place) => {
    if (place === 0) return subject.title;
    const phrases = texts.flatMap((text) => (tag ? nounPhrases(tag(text)) : longWords(text)));
    const weighWord = (word: string) => {
      const rank = vectors?.rankOf(word) ?? RARE_RANK;
      return index.rarity(stem(word)) * (rank / (rank + RARE_RANK));
    };
    const weigh = (phrase: string) => {
      const words = wordsOf(phrase);
      const weight = words.reduce((sum, word) => sum + weighWord(word), 0) / Math.sqrt(words.length + 0.5);
      return weight * (1 + Math.max(0, cosine(direction, vectors?.meanOf(words))));
    };
    const ranked = phrases.filter((phrase) => !used.has(key(phrase))).sort((a, b) => weigh(b) - weigh(a));
    const caption = ranked[0] ?? firstWords(texts[0] ?? subject.title);
    used.add(key(caption));
    return capitalized(caption);
  });
}

function key(phrase: string): string {
  return wordsOf(phrase).join(" ");
}

/** Runs of adjectives and nouns that end with a noun, as the text has them. */
function nounPhrases(words: readonly TaggedWord[]): string[] {
  const phrases: string[] = [];
  let run: TaggedWord[] = [];
  const close = () => {
    const end = run.findLastIndex(({ partOfSpeech }) => partOfSpeech !== "ADJ") + 1;
    const phrase = run
      .slice(Math.max(0, end - MAX_PHRASE_WORDS), end)
      .map(({ value }) => value)
      .join(" ");
    if (phrase.replace(/\P{L}/gu, "").length >= MIN_LETTERS) phrases.push(phrase);
    run = [];
  };
  for (const word of words) {
    const isPart =
      ["NOUN", "PROPN", "ADJ"].includes(word.partOfSpeech) && /^[\p{L}\p{N}][\p{L}\p{N}'’-]*$/u.test(word.value);
    if (isPart && !word.isStopWord) run.push(word);
    else close();
  }
  close();
  return phrases;
}

/**
 * Without a tagger: words that are likely to be nouns, because they are long or, within a sentence, begin with a
 * capital.
 */
function longWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{M}-]+/gu) ?? [];
  return words.filter((word, index) => [...word].length >= 8 || (index > 0 && /^\p{Lu}\p{Ll}{3,}/u.test(word)));
}

function firstWords(text: string): string {
  return text
    .split(" ")
    .slice(0, MAX_PHRASE_WORDS)
    .join(" ")
    .replace(/[,;:.!?]+$/, "");
}

function capitalized(phrase: string): string {
  const [first = ""] = phrase;
  return first.toUpperCase() + phrase.slice(first.length);
}
