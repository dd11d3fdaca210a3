import { questionsIn } from "./questions.ts";
import type { CommentClass, Sentiment } from "./schemas.ts";

/** Wishes for this video or the next, in the words people use for them. */
const SUGGESTIONS: readonly RegExp[] = [
  /\b(?:you|u|they|he|she|we|it|video|someone|somebody|youtube) (?:really |definitely |also |all )?(?:should|ought to|might want to|could (?:have|also|maybe|at least|try|add|make|do|show|use))(?: have)? (?!be (?:ashamed|proud|illegal|banned)|care|know|see that)\w+/,
  /\b(?:pl(?:ease|s|z)|plz+) (?:\w+ )?(?:make|do|upload|post|add|fix|play|bring|cover|react|review|show|try|turn|use|put|include|consider|explain|talk|stop|keep|release|remove|change|sing|teach|translate|record|start|create|give us)\b/,
  /\b(?:can|could|would|will) (?:you|u) (?:please |pls |plz |maybe |also )?(?:make|do|upload|post|add|fix|cover|react|review|show|try|turn|use|include|consider|talk about|release|create|record|start|bring)\b/,
  /\b(?:would be|be even) (?:\w+ )?(?:nice|great|cool|better|awesome|good|helpful|amazing|perfect|interesting) (?:if|to|with)\b/,
  /\b(?:would|id|i'd|we'd|i’d) (?:really )?(?:love|like) (?:to see|to hear|it if|you to|a|an|more|if you)\b/,
  /\bi (?:really )?(?:wish|suggest|recommend|propose)\b(?! (?:i|you all|you well|her|him|them) )/,
  /^(?:\w+ )?(?:suggestion|idea|tip|request|feature request|feedback)s? ?[:-]/,
  /\b(?:next (?:time|video)|part (?:two|2)|more (?:videos?|content|episodes?|tutorials?)) (?:please|pls|plz|try|you|could|should|on|about|like this)\b/,
  /^(?:maybe |next time,? )?(?:try|consider|add|make|do|use|turn|show|bring|put|upload|remove|lower|slow|speed) (?:\w+ ){1,12}(?:next time|please|pls|instead|for (?:us|beginners)|in the (?:next|future)|video)/,
  /\b(?:needs|need) (?:more|less|better|a|subtitles|captions)\b/,
];

/** Least share of questions in an opinionated comment that counts as a question. */
const MIN_QUESTION_SHARE = 0.3;

/**
 * The class of a cleaned comment that is not spam: what it asks comes before how it feels. A request ("can you make a
 * part two?") is a suggestion though it ends in a question mark.
 */
export function classify(text: string, isSpam: boolean, sentiment: Sentiment): CommentClass {
  if (isSpam) return "spam";
  const line = text.slice(0, 2000).toLowerCase().replace(/\s+/g, " ");
  const isRequest = SUGGESTIONS[2]?.test(line) === true;
  if (!isRequest && isMainlyQuestion(text, sentiment)) return "question";
  if (SUGGESTIONS.some((pattern) => pattern.test(line))) return "suggestion";
  if (sentiment === "negative") return "criticism";
  return sentiment === "positive" ? "praise" : "other";
}

/**
 * An outburst that holds a question among much else is the outburst: "I hate this. Why is it here? It is the worst of
 * all..."
 */
function isMainlyQuestion(text: string, sentiment: Sentiment): boolean {
  const questions = questionsIn(text);
  if (questions.length === 0 || sentiment === "neutral") return questions.length > 0;
  const asked = questions.reduce((sum, question) => sum + question.length, 0);
  return asked >= MIN_QUESTION_SHARE * Math.min(text.length, 2000);
}
