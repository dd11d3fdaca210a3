import type { EspeakModule, EspeakVoice } from "@echogarden/espeak-ng-emscripten";
import { MediaError } from "../media-error.ts";
import type { Speech, SpokenWord } from "./speech-synthesizer.ts";

/** Words a minute at rate 1: unhurried, as narrators of lessons speak. eSpeak NG takes 80 to 450. */
const WORDS_A_MINUTE = 160;

let loading: Promise<EspeakVoice> | undefined;

/** The text and voice of a call; a plain value, so that a compute process can have it. */
export interface EspeakInput {
  texts: readonly string[];
  /** The name of an eSpeak NG voice, as in `en-us`. */
  voice: string;
  rate: number;
}

/**
 * Speaks texts with eSpeak NG, compiled to WebAssembly, in this process: some 100 times as fast as real time, without a
 * pause for other work. The first call loads 25 MB.
 */
export async function espeak({ texts, voice, rate }: EspeakInput): Promise<Speech[]> {
  loading ??= load();
  const engine = await loading.catch((cause: unknown) => {
    loading = undefined;
    throw new MediaError("speech-failed", "eSpeak NG does not load", { cause });
  });
  if (engine.set_voice(voice) !== 0) throw new MediaError("speech-failed", `eSpeak NG has no voice ${voice}`);
  engine.set_rate(Math.round(WORDS_A_MINUTE * rate));
  return texts.map((text) => speakOne(engine, text));
}

async function load(): Promise<EspeakVoice> {
  const { default: instantiate } = await import("@echogarden/espeak-ng-emscripten");
  const module: EspeakModule = await instantiate();
  return new module.eSpeakNGWorker();
}

function speakOne(engine: EspeakVoice, text: string): Speech {
  const parts: Int16Array[] = [];
  const words: SpokenWord[] = [];
  engine.synthesize(plain(text), (audio, events) => {
    if (audio) parts.push(audio.slice());
    for (const { type, text_position, audio_position } of events ?? []) {
      if (type === "word") words.push({ position: text_position - 1, atMs: audio_position });
    }
    return 0;
  });
  const samples = joined(parts);
  if (samples.every((sample) => sample === 0))
    throw new MediaError("speech-failed", `eSpeak NG says nothing for "${text.slice(0, 80)}"`);
  return { pcm: { samples, sampleRate: engine.get_samplerate() }, words };
}

function joined(parts: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return samples;
}

/**
 * The text without what eSpeak NG takes as commands: SSML tags and entities (a `<break>` of a document could last for
 * hours), and phonemes in double brackets. One character for one, so that positions of words stay.
 */
function plain(text: string): string {
  return text.replace(/[<>&[\]|\\^{}\p{Cc}]/gu, " ");
}
