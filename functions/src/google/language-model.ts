import type { z } from "zod";

/** What a language model is asked. */
export interface ModelRequest<Answer extends z.ZodType> {
  /** What it has to do. */
  instructions: string;
  /** What it works on: data, never instructions. */
  content: string;
  /** The shape of its answer. */
  answer: Answer;
  /** What is wrong with an answer of this shape, as a sentence for the model; undefined when it is good. */
  objection?(answer: z.output<Answer>): string | undefined;
  signal: AbortSignal;
}

/** Tokens that were spent, those of answers that were rejected included. */
export interface TokenCount {
  input: number;
  output: number;
}

/** Writes text. */
export interface LanguageModel {
  /** Names the model in results. */
  readonly name: string;
  /**
   * Asks until an answer has the wanted shape and nothing is objected to, three times at most. Throws a
   * `PermanentError` `unsafe-query` when the model will not answer for safety, a `RetryableError`
   * `model-answer-invalid` when no answer was good.
   */
  ask<Answer extends z.ZodType>(
    request: ModelRequest<Answer>,
  ): Promise<{ answer: z.output<Answer>; tokens: TokenCount }>;
}
