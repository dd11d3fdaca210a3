import type { CommentClass, Sentiment, VideoAnalysisOutput } from "./types.ts";

// Records, so that a value without an entry does not compile.
type Words<Name extends string> = { [Each in Name]: { name: Each; label: string; color: string } };

const SENTIMENT: Words<Sentiment> = {
  positive: { name: "positive", label: "Positive", color: "teal.6" },
  neutral: { name: "neutral", label: "Neutral", color: "gray.5" },
  negative: { name: "negative", label: "Negative", color: "red.6" },
};

const CLASS: Words<CommentClass> = {
  question: { name: "question", label: "Questions", color: "blue.6" },
  praise: { name: "praise", label: "Praise", color: "teal.6" },
  criticism: { name: "criticism", label: "Criticism", color: "red.6" },
  suggestion: { name: "suggestion", label: "Suggestions", color: "violet.6" },
  spam: { name: "spam", label: "Spam", color: "orange.6" },
  other: { name: "other", label: "Other", color: "gray.5" },
};

/** Sentiments with label and color, in the order of the screen. */
export const SENTIMENTS = Object.values(SENTIMENT);

/** Classes with label and color, in the order of the screen. */
export const CLASSES = Object.values(CLASS);

/** Formats a share: `42%`, and `0%` of nothing. */
export function percentOf(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((part / whole) * 100)}%`;
}

/**
 * Gives the known texts of comments, by index: those kept from the submission, else what the result tells or quotes.
 */
export function textsOf(output: VideoAnalysisOutput, submitted: readonly string[]): Map<number, string> {
  const texts = new Map(submitted.map((text, index) => [index, text]));
  const { themes = [], topQuestions = [] } = output.insights ?? {};
  for (const { index, text } of [...output.comments, ...themes.flatMap((theme) => theme.examples), ...topQuestions]) {
    if (text !== undefined && !texts.has(index)) texts.set(index, text);
  }
  return texts;
}

/** True for an output that this view can show. Another version of the job type may give another shape. */
export function isAnalysisOutput(output: unknown): output is VideoAnalysisOutput {
  return typeof output === "object" && output !== null && "comments" in output && Array.isArray(output.comments);
}

/** Gives the texts of the comments in a submitted input, by index. */
export function submittedTexts(input: unknown): string[] {
  if (typeof input !== "object" || input === null || !("comments" in input)) return [];
  const comments: unknown[] = Array.isArray(input.comments) ? input.comments : [];
  return comments.map((comment) => textOf(comment));
}

function textOf(comment: unknown): string {
  return typeof comment === "object" && comment !== null && "text" in comment ? String(comment.text) : "";
}
