import { CommentClass, Sentiment, type VideoAnalysisOutput } from "@baton/protocol";

/** Every sentiment with its color, in the order shown. */
export const SENTIMENTS = Sentiment.options.map((name) => ({
  name,
  label: { positive: "Positive", neutral: "Neutral", negative: "Negative" }[name],
  color: { positive: "teal.6", neutral: "gray.5", negative: "red.6" }[name],
}));

/** Every class with its color, in the order shown. */
export const CLASSES = CommentClass.options.map((name) => ({
  name,
  label: {
    question: "Questions",
    praise: "Praise",
    criticism: "Criticism",
    suggestion: "Suggestions",
    spam: "Spam",
    other: "Other",
  }[name],
  color: {
    question: "blue.6",
    praise: "teal.6",
    criticism: "red.6",
    suggestion: "violet.6",
    spam: "orange.6",
    other: "gray.5",
  }[name],
}));

/** `42%`; `0%` of nothing. */
export function percentOf(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((part / whole) * 100)}%`;
}

/** What is known of the comments' texts, by index: those kept from the submission, else what the result tells or quotes. */
export function textsOf(output: VideoAnalysisOutput, submitted: readonly string[]): Map<number, string> {
  const texts = new Map(submitted.map((text, index) => [index, text]));
  const { themes = [], topQuestions = [] } = output.insights ?? {};
  for (const { index, text } of [...output.comments, ...themes.flatMap((theme) => theme.examples), ...topQuestions]) {
    if (text !== undefined && !texts.has(index)) texts.set(index, text);
  }
  return texts;
}
