import type { JobContext } from "@baton/engine";
import { type Cue, cuesOf } from "../media/captions.ts";
import type { LanguageCode } from "../media/languages.ts";
import type { Pcm } from "../media/pcm.ts";
import { rateFor, soundOf, type Timeline, timelineOf } from "../media/speech/narration.ts";
import type { Speech, SpeechSynthesizer } from "../media/speech/speech-synthesizer.ts";
import { segmentsOf } from "./split-passages.ts";

/** How a script is read out. */
export interface NarrationTarget {
  language: LanguageCode;
  /** The whole lasts as long as its words take, within these bounds. */
  seconds: { least: number; most: number };
  /** True: pauses grow until the whole lasts `least`, however few the words. Else they stay those of a narrator. */
  fillsTime?: boolean;
}

/** A script that was read out. */
export interface NarratedScript {
  timeline: Timeline;
  cues: Cue[];
  /** The sound. An attempt that did not speak itself speaks again, and puts each sentence where the timeline has it. */
  sound(signal: AbortSignal): Promise<Pcm>;
}

/** A voice at its own speed that is off by less than this share of the time is left as it is: pauses make up for it. */
const TOLERATED = 0.03;

/** The output of the step. The sound is a file, so it is not in here. */
interface Spoken {
  rate: number;
  timeline: Timeline;
}

/**
 * Reads a script out, in the step `tts`. When the voice at its own speed would miss the time, it speaks again, a little
 * faster or slower. Ends with the context's signal.
 */
export async function narrate(
  { step, signal: until }: Pick<JobContext, "step" | "signal">,
  voice: SpeechSynthesizer,
  script: readonly { narration: string }[],
  target: NarrationTarget,
): Promise<NarratedScript> {
  const { language, fillsTime = false } = target;
  const scenes = script.map(({ narration }) => sentencesOf(narration, language));
  const plan = (speeches: readonly Speech[], targetMs: number) =>
    timelineOf(withSpeech(scenes, speeches), targetMs, fillsTime);
  let spoken: Promise<Speech[]> | undefined;
  const speak = (rate: number, signal: AbortSignal) => {
    spoken = voice.speak(scenes.flat(), { language, rate, signal });
    return spoken;
  };
  const work = async (signal: AbortSignal): Promise<Spoken> => {
    const speeches = await speak(1, signal);
    const targetMs = within(plan(speeches, 0).durationMs, target.seconds);
    const timeline = plan(speeches, targetMs);
    if (Math.abs(timeline.durationMs / targetMs - 1) <= TOLERATED) return { rate: 1, timeline };
    const rate = rateFor(withSpeech(scenes, speeches), targetMs);
    return { rate, timeline: plan(await speak(rate, signal), targetMs) };
  };
  const { rate, timeline } = await step("tts", ({ signal }) => work(AbortSignal.any([signal, until])));
  return {
    timeline,
    cues: cuesOf(timeline.scenes.flatMap((scene) => scene.sentences)),
    sound: async (signal) => soundOf(timeline, await (spoken ?? speak(rate, signal))),
  };
}

/** The nearest duration within bounds, in milliseconds. */
export function within(ms: number, { least, most }: NarrationTarget["seconds"]): number {
  return Math.min(most * 1000, Math.max(least * 1000, ms));
}

/** Selects the lines that a narrator reads; a line of signs alone is none. */
function sentencesOf(narration: string, language: LanguageCode): string[] {
  return segmentsOf(narration, language).flatMap(({ text }) => (/[\p{L}\p{N}]/u.test(text) ? [text] : []));
}

function withSpeech(scenes: readonly (readonly string[])[], speeches: readonly Speech[]) {
  const waiting = [...speeches];
  return scenes.map((texts) =>
    texts.flatMap((text) => {
      const speech = waiting.shift();
      return speech ? [{ text, speech }] : [];
    }),
  );
}
