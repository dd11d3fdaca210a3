import type { Sentence } from "../../../content/split-passages.ts";
import { wordsOf } from "../../../content/words.ts";

const MIN_WORDS = 5;
const MAX_WORDS = 42;

/** Text that speaks to a language model, or to its operator, and not to a learner. */
const INSTRUCTIONS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|above|prior|earlier|preceding|all|any|your|the|system)\b.{0,40}\b(?:instructions?|prompts?|messages?|rules?|directions?|guidelines?|context)\b/i,
  /\b(?:you are|act as|pretend to be|behave as|roleplay as)\b.{0,25}\b(?:an? ai|assistant|chatgpt|language model|llm|dan|chatbot|gemini|gpt)\b/i,
  /\b(?:system|developer) (?:prompt|message|instructions?)\b|<\|\w+\|>|\[\/?INST\]|<<\/?SYS>>|###\s*(?:system|instruction)/i,
  /\b(?:respond|reply|answer|output|print|say|repeat|write)\b.{0,15}\b(?:only|exactly|verbatim|the following|with the word)\b/i,
  /\b(?:as an? (?:ai|assistant|language model)\b|new instructions?:|jailbreak\b)/i,
];

/** Words with which a sentence points back to one that a viewer has not heard. */
const POINTS_BACK =
  /^(?:it|its|this|that|these|those|they|their|them|he|his|she|her|such|both|however|therefore|thus|hence|moreover|furthermore|but|and|or|so|also|instead|meanwhile|otherwise|consequently|similarly|in addition|for example|for instance|on the other hand|as a result|as (?:shown|described|mentioned)|dies(?:e[rsmn]?)?|er|sie|es|jedoch|aber|außerdem|daher|cela|cette?|ces|il|elle|cependant|est[aeo]s?|ello|sin embargo)\b/iu;

/**
 * True for a sentence that a narrator can read out as it is: whole, of a listener's length, without addresses, code or
 * commands.
 */
export function isQuotable({ text }: Sentence): boolean {
  const count = wordsOf(text).length;
  if (count < MIN_WORDS || count > MAX_WORDS || text.length > 320) return false;
  if (!/^["'“„«‘(¿¡]?[\p{Lu}\p{N}]/u.test(text)) return false;
  if (/https?:|www\.|@|[{}<>|\\^~`_=]|\.{3,}|\S{40,}/.test(text)) return false;
  const letters = [...text].filter((char) => /[\p{L}\s]/u.test(char)).length;
  return letters / text.length > 0.8 && !text.includes("?") && !isInstruction(text);
}

/** True for text that is meant to steer a language model: prompt injection. */
export function isInstruction(text: string): boolean {
  return INSTRUCTIONS.some((pattern) => pattern.test(text));
}

/**
 * True for a sentence that needs the one before it, by its first word or by one near its beginning, as in `Farmers use
 * this method`.
 */
export function pointsBack(text: string): boolean {
  const bare = text.replace(/^["'“„«‘(]/, "");
  return POINTS_BACK.test(bare) || /^(?:\S+ ){1,3}(?:this|these|those|such)\b/i.test(bare);
}
