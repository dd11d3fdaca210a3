import type { LanguageCode } from "../media/languages.ts";
import type { NounPhraseTagger } from "./scene-captions.ts";
import { loadWordVectors, type WordVectors } from "./word-vectors.ts";
import { type Stemmer, stemmerOf } from "./words.ts";

/** Tools to compare texts by their words. `vectors` is absent for languages other than English. */
export interface TextTools {
  stem: Stemmer;
  vectors?: WordVectors;
}

/** Loads the tools of a language. */
export async function textToolsOf(language: LanguageCode): Promise<TextTools> {
  const stem = await stemmerOf(language);
  return language === "en" ? { stem, vectors: await loadWordVectors() } : { stem };
}

/** Loads the tagger of a language: there is one for English. */
export async function taggerOf(language: LanguageCode): Promise<NounPhraseTagger | undefined> {
  if (language !== "en") return undefined;
  const { languageModelFor } = await import("./language-model.ts");
  return (text) => languageModelFor(text.length).tag(text);
}
