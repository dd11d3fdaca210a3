import type { JobContext } from "@baton/engine";
import { type LanguageModel, languageModelFor } from "../../content/language-model.ts";
import { classify } from "./classify.ts";
import { cleanText } from "./clean-text.ts";
import type { CommentClass, Sentiment, VideoAnalysisInput, VideoAnalysisOutput } from "./schemas.ts";
import { CommentClass as CommentClasses } from "./schemas.ts";
import { sentimentOf, sentimentScore } from "./sentiment.ts";
import { mapInSlices } from "./slices.ts";
import spamModel from "./spam.model.json" with { type: "json" };
import { isSpam } from "./spam.ts";
import { summarize } from "./summary.ts";
import { findThemes } from "./themes.ts";
import { findTopQuestions } from "./top-questions.ts";
import type { RawComment } from "./youtube-client.ts";

/** Which parts of the output are wanted. */
export type Switches = Pick<
  VideoAnalysisInput,
  "includeSentiment" | "includeClassification" | "includeInsights" | "includeSummary"
>;

/** One comment with everything known of it so far. */
interface Judged {
  index: number;
  text: string;
  likes?: number;
  score: number;
  sentiment: Sentiment;
  class: CommentClass;
}

/**
 * Analyses the comments; a part that is switched off is absent, and its step is not reported. Every part needs those
 * before it, so they are worked out in any case. Yields to the event loop as it goes; throws the signal's reason when
 * it aborts.
 */
export async function analyzeComments(
  raw: readonly RawComment[],
  switches: Switches,
  { signal, progress }: Pick<JobContext, "signal" | "progress">,
): Promise<Omit<VideoAnalysisOutput, "video">> {
  const model = languageModelFor(raw.reduce((sum, { text }) => sum + text.length, 0));
  if (switches.includeSentiment) progress(0.4, "sentiment");
  const scored = await scoreSentiment(raw, model, signal);
  if (switches.includeClassification) progress(0.6, "classification");
  const judged = await mapInSlices(scored, signal, (comment): Judged => {
    return { ...comment, class: classify(comment.text, isSpam(spamModel, comment.text), comment.sentiment) };
  });
  if (switches.includeInsights) progress(0.8, "insights");
  const insights = switches.includeInsights ? await findInsights(judged, model, switches, signal) : undefined;
  if (switches.includeSummary) progress(0.95, "summary");
  signal.throwIfAborted();
  return {
    comments: judged.map((comment) => ({
      index: comment.index,
      ...(switches.includeSentiment && { sentiment: comment.sentiment, score: comment.score }),
      ...(switches.includeClassification && { class: comment.class }),
    })),
    ...(switches.includeSentiment && { sentiment: countSentiments(judged) }),
    ...(switches.includeClassification && { classes: countClasses(judged) }),
    ...(insights !== undefined && { insights }),
    ...(switches.includeSummary && { summary: summarizeAll(judged, model) }),
  };
}

async function scoreSentiment(raw: readonly RawComment[], model: LanguageModel, signal: AbortSignal) {
  return await mapInSlices(raw, signal, (comment, index) => {
    const text = cleanText(comment.text);
    const score = sentimentScore(text, model.polarity);
    return {
      index,
      text,
      score,
      sentiment: sentimentOf(score),
      ...(comment.likes !== undefined && { likes: comment.likes }),
    };
  });
}

async function findInsights(judged: readonly Judged[], model: LanguageModel, switches: Switches, signal: AbortSignal) {
  const honest = judged.filter((comment) => comment.class !== "spam");
  const tagged = await mapInSlices(honest, signal, (comment) => ({
    ...comment,
    likes: comment.likes ?? 0,
    words: model.tag(comment.text),
  }));
  return { themes: findThemes(tagged, switches.includeSentiment), topQuestions: findTopQuestions(honest) };
}

function summarizeAll(judged: readonly Judged[], model: LanguageModel): string {
  const comments = judged.map((comment) => ({ ...comment, likes: comment.likes ?? 0 }));
  return summarize(comments, (sentence) => sentimentOf(sentimentScore(sentence, model.polarity)));
}

function countSentiments(judged: readonly Judged[]): NonNullable<VideoAnalysisOutput["sentiment"]> {
  const count = (sentiment: Sentiment) => judged.filter((comment) => comment.sentiment === sentiment).length;
  const mean = judged.reduce((sum, { score }) => sum + score, 0) / Math.max(1, judged.length);
  return {
    positive: count("positive"),
    neutral: count("neutral"),
    negative: count("negative"),
    averageScore: Math.round(mean * 1000) / 1000 || 0,
  };
}

function countClasses(judged: readonly Judged[]): NonNullable<VideoAnalysisOutput["classes"]> {
  const counts = { question: 0, praise: 0, criticism: 0, suggestion: 0, spam: 0, other: 0 };
  for (const name of CommentClasses.options) counts[name] = judged.filter((comment) => comment.class === name).length;
  return counts;
}
