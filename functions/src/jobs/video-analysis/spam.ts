import { spamFeatures } from "./spam-features.ts";

/**
 * A logistic regression: the log-odds of spam is `bias` plus the weights of the features a comment shows, scaled by
 * their number.
 */
export interface SpamModel {
  bias: number;
  /** Probability from which a comment counts as spam. */
  threshold: number;
  weights: Readonly<Record<string, number>>;
}

/** Probability, 0 to 1, that a cleaned comment is spam. */
export function spamProbability(model: SpamModel, text: string): number {
  let logOdds = model.bias;
  // Every name has a prefix, so none meets a property that all objects have.
  for (const [name, value] of spamVector(text)) logOdds += value * (model.weights[name] ?? 0);
  return 1 / (1 + Math.exp(-logOdds));
}

/** True when the model holds a cleaned comment for spam. */
export function isSpam(model: SpamModel, text: string): boolean {
  return spamProbability(model, text) >= model.threshold;
}

/**
 * Makes the input of the regression: signals count 1, words and pairs are scaled to length 1, so that the length of a
 * comment alone does not decide.
 */
export function spamVector(text: string): Map<string, number> {
  const features = spamFeatures(text);
  const lexical = [...features].filter((name) => !name.startsWith("s:")).length;
  const scale = lexical === 0 ? 0 : 1 / Math.sqrt(lexical);
  return new Map([...features].map((name) => [name, name.startsWith("s:") ? 1 : scale]));
}
