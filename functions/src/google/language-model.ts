import type { z } from "zod";

/** A request to a language model. */
export interface ModelRequest<Answer extends z.ZodType> {
  /** The task. */
  instructions: string;
  /** The material it works on: data, never instructions. */
  content: string;
  /** The shape of its answer. */
  answer: Answer;
  /** Says what is wrong with an answer of this shape, in a sentence for the model; undefined when it is good. */
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
