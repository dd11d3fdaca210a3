import { cleanText } from "../src/jobs/video-analysis/clean-text.ts";
import { isSpam, type SpamModel, spamProbability, spamVector } from "../src/jobs/video-analysis/spam.ts";
import { SIGNAL_NAMES } from "../src/jobs/video-analysis/spam-features.ts";
import { type Example, fitRegression, type Penalties } from "./logistic-regression.ts";

/** A labelled comment, ready for training. */
export interface LabelledComment extends Example {
  /** The video it hangs below: videos are the folds, since a model must hold for a video it has not seen. */
  video: string;
  text: string;
}

/** How well a model finds spam; each 0 to 1. */
export interface Score {
  f1: number;
  precision: number;
  recall: number;
}

/** A word needs this many comments, in this many videos: names of singers and songs so drop out. */
const MIN_COMMENTS = 3;
const MIN_VIDEOS = 2;

/** Below one half: on a video it has not seen the model misses spam more often than it raises a false alarm. */
const THRESHOLD = 0.4;

/** From strong to weak: of equals the first, most cautious, one is taken. */
const GRID: readonly Penalties[] = [3, 1, 0.3].flatMap((signalPenalty) =>
  [4, 2, 1, 0.5].map((wordPenalty) => ({ signalPenalty, wordPenalty })),
);

/** Cleans a raw comment, as the job does before it classifies. */
export function labelledComment(video: string, raw: string, spam: boolean): LabelledComment {
  const text = cleanText(raw);
  return { video, text, isSpam: spam, vector: spamVector(text) };
}

/** Trains on all `comments`, with the penalties that do best when each video in turn is held out. Deterministic. */
export function trainSpamModel(comments: readonly LabelledComment[]): { model: SpamModel; penalties: Penalties } {
  const penalties = choosePenalties(comments);
  return { model: trainWith(comments, penalties), penalties };
}

/** Trains on all videos but `heldOut`, the choice of penalties included, and scores on `heldOut`. */
export function scoreHeldOut(comments: readonly LabelledComment[], heldOut: string): Score {
  const { model } = trainSpamModel(comments.filter(({ video }) => video !== heldOut));
  return scoreModel(
    model,
    comments.filter(({ video }) => video === heldOut),
  );
}

/** By log loss: with two or three videos, F1 says too little to tell neighbours of the grid apart. */
function choosePenalties(comments: readonly LabelledComment[]): Penalties {
  const videos = [...new Set(comments.map(({ video }) => video))];
  let best: { penalties: Penalties; loss: number } | undefined;
  for (const penalties of GRID) {
    const losses = videos.map((heldOut) => {
      const model = trainWith(
        comments.filter(({ video }) => video !== heldOut),
        penalties,
      );
      return logLoss(
        model,
        comments.filter(({ video }) => video === heldOut),
      );
    });
    const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    if (best === undefined || loss < best.loss - 0.001) best = { penalties, loss };
  }
  if (best === undefined) throw new Error("the grid of penalties is empty");
  return best.penalties;
}

/** Mean surprise, in nats, at the true labels. */
function logLoss(model: SpamModel, comments: readonly LabelledComment[]): number {
  const surprises = comments.map(({ text, isSpam: spam }) => {
    const probability = spamProbability(model, text);
    return -Math.log(Math.max(1e-9, spam ? probability : 1 - probability));
  });
  return surprises.reduce((sum, surprise) => sum + surprise, 0) / surprises.length;
}

function trainWith(comments: readonly LabelledComment[], penalties: Penalties): SpamModel {
  const { bias, weights } = fitRegression(comments, vocabulary(comments), penalties);
  const kept = [...weights]
    .map(([name, weight]) => [name, round(weight)] as const)
    .filter(([, weight]) => weight !== 0);
  return { bias: round(bias), threshold: THRESHOLD, weights: Object.fromEntries(kept) };
}

function vocabulary(comments: readonly LabelledComment[]): string[] {
  const videos = new Map<string, string[]>();
  for (const { vector, video } of comments) {
    for (const name of vector.keys()) videos.set(name, [...(videos.get(name) ?? []), video]);
  }
  const videoCount = new Set(comments.map(({ video }) => video)).size;
  const isGeneral = (seen: readonly string[]) =>
    seen.length >= MIN_COMMENTS && new Set(seen).size >= Math.min(MIN_VIDEOS, videoCount);
  const found = [...videos].filter(([name, seen]) => name.startsWith("s:") || isGeneral(seen)).map(([name]) => name);
  return [...new Set([...found, ...SIGNAL_NAMES])].sort();
}

function scoreModel(model: SpamModel, comments: readonly LabelledComment[]): Score {
  const count = (spam: boolean, found: boolean) =>
    comments.filter((comment) => comment.isSpam === spam && isSpam(model, comment.text) === found).length;
  const hits = count(true, true);
  const misses = count(true, false);
  const falseAlarms = count(false, true);
  return {
    f1: (2 * hits) / (2 * hits + misses + falseAlarms),
    precision: hits / (hits + falseAlarms),
    recall: hits / (hits + misses),
  };
}

/** Three decimals: enough for the classifier, and the file does not change with the last bit of a sum. */
function round(weight: number): number {
  return Math.round(weight * 1000) / 1000 || 0;
}
