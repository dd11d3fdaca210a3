import { durationMs, type Pcm, placeSounds, trimSilence } from "../pcm.ts";
import type { Speech, SpokenWord } from "./speech-synthesizer.ts";

/** Pause between two sentences of a scene. */
const SENTENCE_GAP_MS = 300;
/** Silence before the first word, and after the last. */
const EDGE_MS = 350;
const SHORTEST_SCENE_GAP_MS = 450;
const LONGEST_SCENE_GAP_MS = 1800;

/** A sentence in the time of its narration. */
export interface SpokenSentence {
  text: string;
  startMs: number;
  endMs: number;
  words: readonly SpokenWord[];
}

/** A scene in the time of its narration. Scenes touch: one begins where the one before ends. */
export interface SpokenScene {
  startMs: number;
  endMs: number;
  sentences: readonly SpokenSentence[];
}

/** A narration: its sound, and when what is said. */
export interface Narration {
  pcm: Pcm;
  durationMs: number;
  scenes: readonly SpokenScene[];
}

/** The speech of a scene's sentences. */
export interface SceneSpeech {
  sentences: readonly { text: string; speech: Speech }[];
}

/**
 * Puts spoken scenes one after the other. The pauses between scenes are as long as brings the whole to `targetMs`, within bounds:
 * a speech that is much too long or too short stays so.
 */
export function layOutNarration(scenes: readonly SceneSpeech[], targetMs: number): Narration {
  const trimmed = scenes.map(({ sentences }) => sentences.map(trimmedSentence));
  const spokenMs = trimmed.reduce((sum, sentences) => sum + lengthMs(sentences), 0);
  const gaps = Math.max(1, scenes.length - 1);
  const gapMs = clamp((targetMs - 2 * EDGE_MS - spokenMs) / gaps, SHORTEST_SCENE_GAP_MS, LONGEST_SCENE_GAP_MS);
  const sounds: { pcm: Pcm; startMs: number }[] = [];
  const laidOut: SpokenScene[] = [];
  let at = EDGE_MS;
  for (const [index, sentences] of trimmed.entries()) {
    const startMs = laidOut.at(-1)?.endMs ?? 0;
    const spoken = sentences.map(({ text, pcm, words }, place) => {
      if (place > 0) at += SENTENCE_GAP_MS;
      const from = at;
      sounds.push({ pcm, startMs: from });
      at += durationMs(pcm);
      return { text, startMs: from, endMs: at, words: words.map((word) => ({ ...word, atMs: from + word.atMs })) };
    });
    const isLast = index === trimmed.length - 1;
    laidOut.push({ startMs, endMs: isLast ? at + EDGE_MS : at + gapMs / 2, sentences: spoken });
    at += isLast ? EDGE_MS : gapMs;
  }
  const sampleRate = sounds[0]?.pcm.sampleRate ?? 22_050;
  return { pcm: placeSounds(sounds, sampleRate, at), durationMs: at, scenes: laidOut };
}

/** The rate that brings a speech of `spokenMs`, spoken at rate 1, to `targetMs`, as far as it still sounds natural. */
export function rateFor(spokenMs: number, targetMs: number): number {
  return clamp(spokenMs / targetMs, 0.85, 1.2);
}

interface TrimmedSentence {
  text: string;
  pcm: Pcm;
  words: readonly SpokenWord[];
}

function trimmedSentence({ text, speech }: SceneSpeech["sentences"][number]): TrimmedSentence {
  const { pcm, cutMs } = trimSilence(speech.pcm);
  return { text, pcm, words: speech.words.map(({ position, atMs }) => ({ position, atMs: Math.max(0, atMs - cutMs) })) };
}

function lengthMs(sentences: readonly TrimmedSentence[]): number {
  const gapsMs = SENTENCE_GAP_MS * Math.max(0, sentences.length - 1);
  return sentences.reduce((sum, { pcm }) => sum + durationMs(pcm), gapsMs);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
