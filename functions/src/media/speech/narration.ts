import { durationMs, type Pcm, placeSounds, trimSilence } from "../pcm.ts";
import type { Speech, SpokenWord } from "./speech-synthesizer.ts";

/** Pause between two sentences of a scene. */
const SENTENCE_GAP_MS = 300;
/** Silence before the first word, and after the last. */
const EDGE_MS = 350;
const SHORTEST_SCENE_GAP_MS = 450;
const LONGEST_SCENE_GAP_MS = 1800;

/** A sentence in the time of its narration. */
export interface TimedSentence {
  text: string;
  startMs: number;
  endMs: number;
  words: readonly SpokenWord[];
}

/** A scene in the time of its narration. Scenes touch: one begins where the one before ends. */
export interface TimedScene {
  startMs: number;
  endMs: number;
  sentences: readonly TimedSentence[];
}

/** When everything of a narration is said; without its sound, so that it can be stored as JSON. */
export interface Timeline {
  durationMs: number;
  scenes: readonly TimedScene[];
}

/** A text and its speech. */
export interface SpokenText {
  text: string;
  speech: Speech;
}

/**
 * Plans when the sentences of scenes are said, one after the other. The pauses between scenes are as long as brings the
 * whole to `targetMs`, within bounds: a speech that is much too long or too short stays so. With `fillsTime` pauses
 * have no upper bound, and a rest at the end fills what is left.
 */
export function timelineOf(scenes: readonly (readonly SpokenText[])[], targetMs: number, fillsTime = false): Timeline {
  const trimmed = scenes.map((sentences) => sentences.map(trimmedSentence));
  const spokenMs = trimmed.reduce((sum, sentences) => sum + lengthMs(sentences), 0);
  const gaps = Math.max(1, scenes.length - 1);
  const longestMs = fillsTime ? targetMs : LONGEST_SCENE_GAP_MS;
  const gapMs = clamp((targetMs - 2 * EDGE_MS - spokenMs) / gaps, SHORTEST_SCENE_GAP_MS, longestMs);
  const endOf = (spokenEndMs: number) => Math.max(spokenEndMs + EDGE_MS, fillsTime ? targetMs : 0);
  const timed: TimedScene[] = [];
  let at = EDGE_MS;
  for (const [index, sentences] of trimmed.entries()) {
    const said = sentences.map(({ text, lengthMs, words }, place) => {
      if (place > 0) at += SENTENCE_GAP_MS;
      const startMs = at;
      at += lengthMs;
      return { text, startMs, endMs: at, words: words.map((word) => ({ ...word, atMs: startMs + word.atMs })) };
    });
    const isLast = index === trimmed.length - 1;
    const startMs = timed.at(-1)?.endMs ?? 0;
    timed.push({ startMs, endMs: isLast ? endOf(at) : at + gapMs / 2, sentences: said });
    at = isLast ? endOf(at) : at + gapMs;
  }
  return { durationMs: at, scenes: timed };
}

/** The sound of a narration: each speech, in the order of the sentences, where the timeline has its sentence. */
export function soundOf({ durationMs: totalMs, scenes }: Timeline, speeches: readonly Speech[]): Pcm {
  const starts = scenes.flatMap(({ sentences }) => sentences.map(({ startMs }) => startMs));
  const sounds = speeches.map(({ pcm }, index) => ({ pcm: trimSilence(pcm).pcm, startMs: starts[index] ?? totalMs }));
  return placeSounds(sounds, speeches[0]?.pcm.sampleRate ?? 22_050, totalMs);
}

/** How much faster than at rate 1 scenes have to be spoken to last `targetMs`, as far as it still sounds natural. */
export function rateFor(scenes: readonly (readonly SpokenText[])[], targetMs: number): number {
  const spokenMs = scenes.reduce((sum, sentences) => sum + lengthMs(sentences.map(trimmedSentence)), 0);
  const pausesMs = 2 * EDGE_MS + SHORTEST_SCENE_GAP_MS * 1.5 * (scenes.length - 1);
  return clamp(spokenMs / Math.max(1, targetMs - pausesMs), 0.85, 1.2);
}

interface TrimmedSentence {
  text: string;
  lengthMs: number;
  words: readonly SpokenWord[];
}

function trimmedSentence({ text, speech }: SpokenText): TrimmedSentence {
  const { pcm, cutMs } = trimSilence(speech.pcm);
  const words = speech.words.map(({ position, atMs }) => ({ position, atMs: Math.max(0, atMs - cutMs) }));
  return { text, lengthMs: durationMs(pcm), words };
}

function lengthMs(sentences: readonly TrimmedSentence[]): number {
  const gapsMs = SENTENCE_GAP_MS * Math.max(0, sentences.length - 1);
  return sentences.reduce((sum, sentence) => sum + sentence.lengthMs, gapsMs);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
