import type { LanguageCode } from "../languages.ts";
import type { Pcm } from "../pcm.ts";

/** A spoken text. */
export interface Speech {
  pcm: Pcm;
  /** When its words begin, where the synthesizer tells. */
  words: readonly SpokenWord[];
}

/** The beginning of a word, as a place in the text and a time in its sound. */
export interface SpokenWord {
  /** Position of the word's first character in the text, from 0, in code points. */
  position: number;
  atMs: number;
}

/** How texts are spoken. */
export interface SpeechOptions {
  /** A language that the synthesizer has a voice for. */
  language: LanguageCode;
  /** Speed, 1 is the voice's own; 0.7 to 1.5. */
  rate: number;
  signal: AbortSignal;
}

/** Turns text into speech. */
export interface SpeechSynthesizer {
  /** Names the engine in results, as in `espeak-ng`. */
  readonly name: string;
  /**
   * Speaks each text as a sound of its own, in their order and of one sample rate. The texts are plain: markup has no
   * meaning. Throws a `PermanentError` when the engine refuses them, a `MediaError` or `RetryableError` when another
   * attempt may help.
   */
  speak(texts: readonly string[], options: SpeechOptions): Promise<Speech[]>;
}
