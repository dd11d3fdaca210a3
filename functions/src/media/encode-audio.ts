import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type FfmpegScope, runFfmpeg } from "./ffmpeg.ts";
import { MediaError } from "./media-error.ts";
import { type Pcm, toWav } from "./pcm.ts";

/** Loudness of everything made here, in LUFS (EBU R 128 measure): what online players ask for. */
export const TARGET_LUFS = -16;
const TRUE_PEAK_DB = -1.5;
/** How far music is below speech, in dB. */
const MUSIC_GAIN_DB = -19;

/** The sounds of a track. */
export interface Track {
  speech: Pcm;
  /** Played under the speech, more quietly. */
  music?: Pcm;
}

/** The answer of ffmpeg's filter `loudnorm`, whose numbers are texts. */
const Loudness = z.object({
  input_i: z.string(),
  input_tp: z.string(),
  input_lra: z.string(),
  input_thresh: z.string(),
  target_offset: z.string(),
});

/**
 * Encodes a track as AAC in the file `name` (.m4a), at -16 LUFS. Measures first and corrects then (two passes of `loudnorm`), because
 * one pass only guesses.
 */
export async function encodeAudio({ speech, music }: Track, name: string, scope: FfmpegScope): Promise<void> {
  await writeFile(join(scope.folder, "speech.wav"), toWav(speech));
  if (music) await writeFile(join(scope.folder, "music.wav"), toWav(music));
  const inputs = ["-i", "speech.wav", ...(music ? ["-i", "music.wav"] : [])];
  const mix = music
    ? `[0:a]aresample=48000[speech];[1:a]aresample=48000,volume=${MUSIC_GAIN_DB}dB[music];[speech][music]amix=inputs=2:duration=first:dropout_transition=0,volume=2`
    : "[0:a]aresample=48000";
  const target = `I=${TARGET_LUFS}:TP=${TRUE_PEAK_DB}:LRA=11`;
  const report = await runFfmpeg(
    [...inputs, "-filter_complex", `${mix},loudnorm=${target}:print_format=json`, "-f", "null", "-"],
    scope,
  );
  const measured = readLoudness(report);
  const corrected = [
    `loudnorm=${target}:linear=true`,
    `measured_I=${measured.input_i}:measured_TP=${measured.input_tp}:measured_LRA=${measured.input_lra}`,
    `measured_thresh=${measured.input_thresh}:offset=${measured.target_offset}`,
  ].join(":");
  const encoder = ["-ar", "48000", "-ac", "2", "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-map_metadata", "-1"];
  await runFfmpeg([...inputs, "-filter_complex", `${mix},${corrected}`, ...encoder, name], scope);
}

function readLoudness(report: string): z.infer<typeof Loudness> {
  const json = report.slice(report.lastIndexOf("{"), report.lastIndexOf("}") + 1);
  try {
    return Loudness.parse(JSON.parse(json));
  } catch (cause) {
    throw new MediaError("ffmpeg-failed", "ffmpeg did not tell the loudness", { cause });
  }
}
