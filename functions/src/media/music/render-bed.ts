import type { Pcm } from "../pcm.ts";
import type { Note, Piece } from "./compose-bed.ts";

const SAMPLE_RATE = 22_050;
/** The bed rises and falls over this time at its ends. */
const FADE_SECONDS = 1.5;
const PEAK = 0.7;

/** Overtones of a voice as shares of its loudness, and how its tones begin and end, in seconds. */
interface Voice {
  overtones: readonly number[];
  attack: number;
  release: number;
  /** After so many seconds a tone has a third of its loudness; Infinity: it stays. */
  decay: number;
  gain: number;
}

const VOICES: Readonly<Record<Note["voice"], Voice>> = {
  pad: { overtones: [1, 0.35, 0.12, 0.05], attack: 0.6, release: 0.9, decay: Number.POSITIVE_INFINITY, gain: 0.16 },
  bass: { overtones: [1, 0.25, 0.08], attack: 0.05, release: 0.4, decay: 3, gain: 0.24 },
  pluck: { overtones: [1, 0.5, 0.25, 0.12, 0.06], attack: 0.005, release: 0.25, decay: 0.35, gain: 0.14 },
};

/** Renders a piece with additive synthesis, cut to `seconds` and faded at both ends. Takes a fraction of real time. */
export function renderBed(piece: Piece, seconds: number): Pcm {
  const mix = new Float32Array(Math.round(seconds * SAMPLE_RATE));
  for (const note of piece.notes) addNote(mix, note, 60 / piece.beatsAMinute);
  const peak = mix.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6);
  const samples = new Int16Array(mix.length);
  for (const [index, sample] of mix.entries()) {
    const fade = Math.min(1, index / SAMPLE_RATE / FADE_SECONDS, (mix.length - 1 - index) / SAMPLE_RATE / FADE_SECONDS);
    samples[index] = Math.round((sample / peak) * PEAK * fade * 32_767);
  }
  return { samples, sampleRate: SAMPLE_RATE };
}

function addNote(mix: Float32Array, { pitch, startBeat, beats, velocity, voice }: Note, secondsABeat: number): void {
  const { overtones, attack, release, decay, gain } = VOICES[voice];
  const frequency = 440 * 2 ** ((pitch - 69) / 12);
  const heldSeconds = beats * secondsABeat;
  const start = Math.round(startBeat * secondsABeat * SAMPLE_RATE);
  const end = Math.min(mix.length, start + Math.round((heldSeconds + release) * SAMPLE_RATE));
  for (const [index, share] of overtones.entries()) {
    // Two multiplications a sample instead of a sine: the tone's pointer turns by a fixed angle.
    const angle = (2 * Math.PI * frequency * (index + 1)) / SAMPLE_RATE;
    if (angle >= Math.PI) break;
    const turn = 2 * Math.cos(angle);
    let [before, now] = [-Math.sin(angle), 0];
    for (let at = start; at < end; at += 1) {
      const seconds = (at - start) / SAMPLE_RATE;
      const envelope =
        Math.min(1, seconds / attack, (heldSeconds + release - seconds) / release) * 3 ** (-seconds / decay);
      mix[at] = (mix[at] ?? 0) + now * share * velocity * gain * envelope;
      [before, now] = [now, turn * now - before];
    }
  }
}
