import type { LanguageCode } from "../media/languages.ts";

/** Words of a text as they are written, in any alphabet. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;
/** Without rules for a language, words that begin alike count as one: a stem in most languages of Europe. */
const PREFIX_CHARS = 6;

/** The words of a text in lower case. */
export function wordsOf(text: string): string[] {
  return text.normalize("NFC").toLowerCase().match(WORD) ?? [];
}

/** Reduces a word in lower case to its stem. */
export type Stemmer = (word: string) => string;

/**
 * The stemmer of a language: Porter's for English, the beginning of the word for others. Remembers what it was asked.
 */
export async function stemmerOf(language: LanguageCode): Promise<Stemmer> {
  const { default: porter } = await import("wink-porter2-stemmer");
  const known = new Map<string, string>();
  const reduce = language === "en" ? (word: string) => porter(word.replace(/['’]s?$/, "")) : prefixOf;
  return (word) => {
    const stem = known.get(word) ?? reduce(word);
    known.set(word, stem);
    return stem;
  };
}

function prefixOf(word: string): string {
  const letters = word.normalize("NFD").replace(/\p{M}/gu, "");
  return [...letters].slice(0, PREFIX_CHARS).join("");
}
