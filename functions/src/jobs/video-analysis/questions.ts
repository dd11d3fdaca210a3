import { storableText } from "@baton/engine/kit";
import { sentencesOf } from "./sentences.ts";

/** A sentence without a question mark that can only be a question: "how old is she", "does anyone know the name". */
const UNMARKED: readonly RegExp[] = [
  /^(?:(?:so|but|and|ok|hey|guys|lol|omg|wait) )?(?:what|whats|who|whos|where|wheres|when|why|which)(?:'s|’s)? (?:\w+ )?(?:is|are|was|were|do|does|did|can|could|would|will|should|has|have)\b/,
  /^(?:(?:so|but|and|ok|hey|guys|wait) )?(?:where|wheres|who|whos)(?:'s|’s)? (?:the|this|that|part|my|your|his|her)\b/,
  /^(?:(?:so|but|and|ok|hey|guys|wait) )?how (?:is|are|was|were|do|does|did|can|could|would|will|should|has|have|to|come|many|much|old|long|far|big|tall|often)\b/,
  /^(?:what|whats|what's|what’s) (?:the|this|that|his|her|your) (?:name|song|music|title|link|app|camera|program|software)\b/,
  /^(?:does|do|did|can|could|has|have|is|are) (?:any(?:one|body|1)|some(?:one|body))\b/,
  /^any(?:one|body|1) (?:know|knows|else know|have|has|can|tell)\b/,
  /\b(?:song|track|music) name\b$/,
];

/** A mark that asks nothing: "right?", "lol?", "huh?", and a lone "?". */
const TAG = /(?:^|[,.…]\s*|\s)(?:right|lol|huh|eh|yeah|really|wtf|what|seriously|ok|okay|no|yes)\s*[?!]+$/i;

/**
 * The sentences of a cleaned comment that ask something, as they stand there. A question mark in any script counts, one
 * in a link or after a mere "right" does not.
 */
export function questionsIn(text: string): string[] {
  const withoutLinks = storableText(text, 2000).replace(/(?:https?:\/\/|www\.)\S*/gi, " ");
  return sentencesOf(withoutLinks).filter(asks);
}

function asks(sentence: string): boolean {
  const wordCount = sentence.match(/\p{L}+/gu)?.length ?? 0;
  if (wordCount === 0) return false;
  if (
    /[?？؟;]\s*["'”’)\]]*$/u.test(sentence.replace(/[!.\s\p{Extended_Pictographic}]+$/gu, "")) &&
    /[?？؟]/.test(sentence)
  ) {
    return !(wordCount <= 3 && TAG.test(sentence)) && !isTagged(sentence);
  }
  const plain = sentence
    .toLowerCase()
    .replace(/[.!…]+$/, "")
    .trim();
  return wordCount >= 2 && wordCount <= 25 && UNMARKED.some((pattern) => pattern.test(plain));
}

/** A statement with a tag behind it: "Love this song, right?" */
function isTagged(sentence: string): boolean {
  return /[,.…]\s*(?:right|lol|huh|eh|yeah|ok|okay|no)\s*[?!]+$/i.test(sentence);
}
