import { MediaError } from "./media-error.ts";

/** Sound as numbers: 16-bit samples of one channel. */
export interface Pcm {
  samples: Int16Array<ArrayBuffer>;
  /** Samples a second. */
  sampleRate: number;
}

/** Quieter samples count as silence when speech is trimmed: -50 dBFS. */
const SILENCE_LEVEL = 104;
const HEADER_BYTES = 44;

/** The length of a sound in milliseconds. */
export function durationMs({ samples, sampleRate }: Pcm): number {
  return (samples.length / sampleRate) * 1000;
}

/** The part of a sound between its leading and its trailing silence, and the milliseconds that were cut before it. */
export function trimSilence(pcm: Pcm): { pcm: Pcm; cutMs: number } {
  const isLoud = (sample: number) => Math.abs(sample) > SILENCE_LEVEL;
  const start = Math.max(0, pcm.samples.findIndex(isLoud));
  const end = pcm.samples.findLastIndex(isLoud) + 1;
  const samples = pcm.samples.slice(start, Math.max(start, end));
  return { pcm: { ...pcm, samples }, cutMs: (start / pcm.sampleRate) * 1000 };
}

/**
 * Puts sounds of one sample rate at their starts, in milliseconds, into silence that lasts `totalMs`. A later sound
 * replaces an earlier one.
 */
export function placeSounds(
  sounds: readonly { pcm: Pcm; startMs: number }[],
  sampleRate: number,
  totalMs: number,
): Pcm {
  const samples = new Int16Array(Math.ceil((totalMs / 1000) * sampleRate));
  for (const { pcm, startMs } of sounds) {
    if (pcm.sampleRate !== sampleRate) throw new MediaError("unreadable-audio", "the sounds have several sample rates");
    const start = Math.round((startMs / 1000) * sampleRate);
    samples.set(pcm.samples.subarray(0, Math.max(0, samples.length - start)), start);
  }
  return { samples, sampleRate };
}

/** A WAV file (RIFF, PCM) of a sound. */
export function toWav({ samples, sampleRate }: Pcm): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(HEADER_BYTES - 8 + data.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** Reads a WAV file of 16-bit samples of one channel. Throws a `MediaError` for any other bytes. */
export function fromWav(bytes: Uint8Array): Pcm {
  const wav = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWav = wav.length >= 12 && wav.toString("latin1", 0, 4) === "RIFF" && wav.toString("latin1", 8, 12) === "WAVE";
  const format = isWav ? chunkOf(wav, "fmt ") : undefined;
  const data = isWav ? chunkOf(wav, "data") : undefined;
  const isPcm16 = format && format.length >= 16 && format.readUInt16LE(0) === 1 && format.readUInt16LE(14) === 16;
  if (!isPcm16 || !data || format.readUInt16LE(2) !== 1) {
    throw new MediaError("unreadable-audio", "this is no WAV file of 16-bit samples of one channel");
  }
  // A copy of its own: samples must begin at an even address.
  const samples = new Int16Array(Uint8Array.from(data.subarray(0, data.length & ~1)).buffer);
  return { samples, sampleRate: format.readUInt32LE(4) };
}

/** The content of the first chunk of this name. A length beyond the end, as streams have it, means up to the end. */
function chunkOf(wav: Buffer, name: string): Buffer | undefined {
  for (let at = 12; at + 8 <= wav.length; ) {
    const length = wav.readUInt32LE(at + 4);
    if (wav.toString("latin1", at, at + 4) === name) return wav.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return undefined;
}
