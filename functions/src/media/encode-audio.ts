import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FfmpegScope, runFfmpeg } from "./ffmpeg.ts";
import { TARGET_LUFS } from "./loudness.ts";
import { readLoudness } from "./measure-media.ts";
import { MediaError } from "./media-error.ts";
import { type Pcm, toWav } from "./pcm.ts";

/** -1.5 dBFS, as a share of full scale. */
const PEAK_LIMIT = 0.84;
/** A track below this has nothing to be turned up. */
const QUIETEST_LUFS = -60;
/** How far music is below speech, in dB. */
const MUSIC_GAIN_DB = -19;
/** Both channels as loud as the one: measured and limited as they are heard. */
const STEREO = "aresample=48000,pan=stereo|c0=c0|c1=c0";
/** `amix` halves what it mixes. */
const MIX = [
  `[0:a]${STEREO}[speech]`,
  `[1:a]${STEREO},volume=${MUSIC_GAIN_DB}dB[music]`,
  "[speech][music]amix=inputs=2:duration=first:dropout_transition=0,volume=2",
].join(";");
const MEASURE = "ebur128=framelog=verbose";

/** The sounds of a track. */
export interface Track {
  speech: Pcm;
  /** Played under the speech, more quietly. */
  music?: Pcm;
}

/**
 * Encodes a track as AAC in the file `name` (.m4a), at -16 LUFS. Measures the track first, and then turns it up or down
 * as a whole: what is loud and what is soft in it keep their proportion. A limiter holds the few peaks that would clip.
 */
export async function encodeAudio({ speech, music }: Track, name: string, scope: FfmpegScope): Promise<void> {
  await writeFile(join(scope.folder, "speech.wav"), toWav(speech));
  if (music) await writeFile(join(scope.folder, "music.wav"), toWav(music));
  const inputs = ["-i", "speech.wav", ...(music ? ["-i", "music.wav"] : [])];
  const mix = music ? MIX : `[0:a]${STEREO}`;
  const measured = await runFfmpeg([...inputs, "-filter_complex", `${mix},${MEASURE}`, "-f", "null", "-"], scope);
  const lufs = readLoudness(measured).lufs;
  if (lufs === undefined || lufs < QUIETEST_LUFS) throw new MediaError("unreadable-audio", "the track is silent");
  const gain = `volume=${(TARGET_LUFS - lufs).toFixed(2)}dB,alimiter=limit=${PEAK_LIMIT}:level=disabled`;
  const encoder = ["-ar", "48000", "-ac", "2", "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart"];
  await runFfmpeg([...inputs, "-filter_complex", `${mix},${gain}`, ...encoder, "-map_metadata", "-1", name], scope);
}
