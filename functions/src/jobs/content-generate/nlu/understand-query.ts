import type { TaggedWord } from "../../../content/language-model.ts";
import { wordsOf } from "../../../content/words.ts";
import type { LanguageCode } from "../../../media/languages.ts";
import type { Understanding } from "../schemas.ts";
import { unsafeKind } from "./unsafe-queries.ts";

/** A query, and whom its answer is for. */
export interface Query {
  query: string;
  audience?: string | undefined;
  language: LanguageCode;
}

/** Why a query is not answered. */
export type RefusalCode = "ambiguous-query" | "unsafe-query" | "unsupported-script";

/** The outcome of a query: understood, or why it cannot be answered, in a sentence for its author. */
export type Reading =
  | { outcome: "understood"; understanding: Understanding }
  | { outcome: "refused"; code: RefusalCode; message: string };

/** The language and letters that reading needs. */
export interface ReadingTools {
  /** Tags an English text; undefined for other languages. */
  tag: ((text: string) => readonly TaggedWord[]) | undefined;
  /** The characters of a text that no picture can show. */
  missingIn(text: string): string[];
}

/** Words of a question's frame, and words that stand for a thing without naming it. */
const EMPTY_WORDS = new Set(
  (
    "a an the and or of to in on at by for from with about into over under is are was were be been being am do does did done can could " +
    "will would shall should may might must have has had what which who whom whose when where why how it its this that " +
    "these those they them he she his her we us our you your i me my mine there here some any something anything everything nothing " +
    "thing things stuff one ones someone people explain describe tell show teach give please me more else so then than just very really " +
    "know learn understand want need like help question answer video topic subject compare comparison versus difference differences between etc ok okay hello hi hey thanks yes no not make made work works"
  ).split(" "),
);
const FRAME =
  /^(?:please\s+)?(?:(?:can|could|would|will) you\s+)?(?:explain(?: to me)?|describe|tell me(?: about)?|teach me(?: about)?|show me|give me an overview of|what(?:'s| is| are| was| were)|who(?:'s| is| are| was| were)|how (?:do|does|did|can|could|is|are|to)|why (?:do|does|did|is|are|was|were|can|should)|when (?:did|was|is|were)|where (?:is|are|was|were|did))\s+(?:i\s+|we\s+|you\s+)?/i;

const INTENTS: readonly [Understanding["intent"], RegExp][] = [
  ["compare", /\b(?:compare|comparison|versus|vs\.?|difference between|differ(?:s|ent)? from|better than)\b/i],
  ["instruct", /\b(?:how to|how (?:do|can|should) (?:i|we|you)|steps to|guide to|tutorial)\b/i],
  ["reason", /^(?:please\s+)?(?:why|what causes?|what is the reason)\b|\bhow come\b/i],
  ["fact", /^(?:when|where|who|how (?:many|much|old|long|far|tall|big))\b/i],
  ["define", /^(?:what(?:'s| is| are| was| were)|define|meaning of|definition of)\b/i],
];

/**
 * Reads a query: what it is about, what it asks, and how much its audience knows. Refuses a query that names nothing,
 * one that asks several things at once, one that asks for harm, and one in letters that cannot be shown. Rules of
 * grammar and intent know English; elsewhere the words themselves count.
 */
export function understandQuery({ query, audience, language }: Query, { tag, missingIn }: ReadingTools): Reading {
  const kind = unsafeKind(query);
  if (kind !== undefined) {
    return refused("unsafe-query", `This question asks for something harmful (${kind}), so it is not answered.`);
  }
  const keywords = keywordsOf(query, language);
  if (keywords.length === 0) return refused("ambiguous-query", "The question names no subject. Say what it is about.");
  if (asksSeveral(query, language)) {
    return refused("ambiguous-query", "These are several questions about different subjects. Ask one of them.");
  }
  const letters = missingIn(query).filter((char) => /\p{L}/u.test(char));
  if (letters.length > 0) {
    return refused(
      "unsupported-script",
      `Media cannot show these letters of the question: ${letters.slice(0, 10).join(" ")}`,
    );
  }
  const intent = INTENTS.find(([, pattern]) => pattern.test(query))?.[0] ?? "explain";
  const title = withoutSigns(query, missingIn);
  const understanding = {
    ...{ title, topic: topicOf(title) },
    intent,
    level: levelOf(query, audience),
    entities: entitiesOf(query, tag),
    keywords,
  };
  return { outcome: "understood", understanding };
}

function refused(code: RefusalCode, message: string): Reading {
  return { outcome: "refused", code, message };
}

/** The text without signs that no picture can show, such as emoji. */
function withoutSigns(text: string, missingIn: ReadingTools["missingIn"]): string {
  const missing = new Set(missingIn(text));
  const shown = [...text].filter((char) => !missing.has(char)).join("");
  return shown.replace(/\s+/g, " ").trim();
}

/** A word needs a letter: numbers alone, signs and emoji name no subject. */
function keywordsOf(text: string, language: LanguageCode): string[] {
  const words = wordsOf(text)
    .map((word) => word.replace(/['’]s$/, ""))
    .filter((word) => /\p{L}/u.test(word));
  const kept =
    language === "en" ? words.filter((word) => !EMPTY_WORDS.has(word)) : words.filter((word) => word.length > 3);
  const named = kept.length === 0 && language !== "en" ? words.filter((word) => word.length > 1) : kept;
  return [...new Set(named.filter((word) => word.length > 1))];
}

/** True for questions that share no word and each name a subject, as in "What is gravity? Who was Napoleon?". */
function asksSeveral(query: string, language: LanguageCode): boolean {
  const questions = query.split(/[?？;]+/u).map((part) => keywordsOf(part, language));
  const naming = questions.filter((words) => words.length > 0);
  return naming.some((words, index) =>
    naming.slice(index + 1).some((others) => !words.some((word) => others.includes(word))),
  );
}

/** The query without its question's frame, as a title. */
function topicOf(query: string): string {
  const bare = query
    .replace(/\s+/g, " ")
    .replace(/[?？!.\s]+$/u, "")
    .replace(FRAME, "")
    .replace(/^(?:the )?(?:difference between|meaning of|definition of)\s+/i, "")
    .replace(/\s+(?:work|works)$/i, "");
  const topic = bare.trim() === "" ? query.trim() : bare.trim();
  const [first = ""] = topic;
  return first.toUpperCase() + topic.slice(first.length);
}

function levelOf(query: string, audience = ""): Understanding["level"] {
  const text = `${audience} ${query}`;
  if (
    /\b(?:child(?:ren)?|kids?|beginners?|newcomers?|simple|simply|basics?|eli5|elementary|primary|grade [1-8]|year[- ]olds?|laym[ae]n)\b/i.test(
      text,
    )
  ) {
    return "beginner";
  }
  return /\b(?:experts?|advanced|professionals?|engineers?|scientists?|researchers?|graduates?|phd|specialists?|in depth)\b/i.test(
    text,
  )
    ? "advanced"
    : "intermediate";
}

/** Runs of proper nouns. Without a tagger, words within the query that begin with a capital. */
function entitiesOf(query: string, tag: ReadingTools["tag"]): string[] {
  const words = tag
    ? tag(query).map(({ value, partOfSpeech }) => ({ value, isName: partOfSpeech === "PROPN" }))
    : query.split(/\s+/).map((value, index) => ({ value, isName: index > 0 && /^\p{Lu}/u.test(value) }));
  const names: string[][] = [];
  for (const [index, { value, isName }] of words.entries()) {
    if (!isName) continue;
    const follows = words[index - 1]?.isName === true;
    if (follows) names.at(-1)?.push(value);
    else names.push([value]);
  }
  return [...new Set(names.map((name) => name.join(" ").replace(/[?!.,;:]+$/, "")))];
}
