import { storableText } from "@baton/engine/kit";
import model from "wink-eng-lite-web-model";
import winkNLP from "wink-nlp";

/**
 * A word of a text with its part of speech (Universal POS tags), stem, and whether it carries no meaning of its own.
 */
export interface TaggedWord {
  value: string;
  partOfSpeech: string;
  stem: string;
  isStopWord: boolean;
}

/** The parts of the language library that the analysis uses. */
export interface LanguageModel {
  /** The tokens of `boundText(text)`, tagged. */
  tag(text: string): TaggedWord[];
  /** Polarity of a single lower-case word, -1 to 1; 0 when it is not known. */
  polarity(word: string): number;
}

/** The used part of a token. The library's own types do not fit their methods. */
interface Outlet {
  out(property?: unknown): unknown;
}

/** Analysed beginning of a comment; the rest adds no new subject. */
const MAX_CHARS = 2000;
const MAX_WORD_CHARS = 40;

/**
 * A copy of the model that is safe to load repeatedly. Each load of the original writes the grammar of custom entities,
 * which the analysis does not use, as JSON of the previous JSON, until the string is too long. The copy keeps the first
 * grammar. A similar defect: https://github.com/winkjs/wink-eng-lite-web-model/issues/2
 */
const entityGrammar: unknown = typeof model.metaCER === "function" ? model.metaCER() : undefined;
const reloadable = { ...model, metaCER: () => entityGrammar };

/**
 * The library keeps every new word it meets for as long as it lives, so an instance is let go after this many
 * characters.
 */
const CHARACTERS_OF_ONE_INSTANCE = 2_000_000;

let shared: { model: LanguageModel; characters: number } | undefined;

/**
 * The model for one job whose texts have so many characters. Jobs of one process share an instance, because loading it
 * takes about 70 ms; now and then one is replaced, which bounds what it remembers.
 */
export function languageModelFor(characters: number): LanguageModel {
  if (shared === undefined || shared.characters + characters > CHARACTERS_OF_ONE_INSTANCE) {
    shared = { model: loadLanguageModel(), characters: 0 };
  }
  shared.characters += characters;
  return shared.model;
}

/** Loads the English model. */
export function loadLanguageModel(): LanguageModel {
  const nlp = winkNLP(reloadable, ["pos", "sentiment"]);
  const { its } = nlp;
  const polarities = new Map<string, number>();
  return {
    tag(text) {
      const words: TaggedWord[] = [];
      const tokens = nlp.readDoc(boundText(text)).tokens();
      tokens.each((token: Outlet) => {
        words.push({
          value: String(token.out()),
          partOfSpeech: String(token.out(its.pos)),
          stem: String(token.out(its.stem)),
          isStopWord: token.out(its.stopWordFlag) === true,
        });
      });
      return words;
    },
    polarity(word) {
      const known = polarities.get(word);
      if (known !== undefined) return known;
      const found = Number(nlp.readDoc(word.slice(0, MAX_WORD_CHARS)).out(its.sentiment));
      polarities.set(word, found);
      return found;
    },
  };
}

/**
 * A text the tokenizer reads in a bounded time: no links, at most 2,000 characters, no word above 40. It takes
 * quadratic time, or worse, on long runs without a blank (20 s for 10,000 characters of `http://http://...`).
 */
export function boundText(text: string): string {
  return storableText(text, MAX_CHARS)
    .replace(/(?:https?:\/\/|www\.)\S*/gi, " ")
    .replace(/(.)\1{3,}/gu, "$1$1$1")
    .replace(/\S{41,}/gu, (word) => storableText(word, MAX_WORD_CHARS));
}
