import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FfmpegScope, runFfmpeg } from "./ffmpeg.ts";
import type { Fonts } from "./fonts.ts";
import { rasterize } from "./rasterize.ts";
import { FRAME_RATE, type Still } from "./stills.ts";

/** Pictures drawn at the same time: one a processor. */
const DRAWN_AT_ONCE = 2;

/** Names of the files of a rendering, in its folder. */
export interface RenderFiles {
  /** The sound track, as AAC. It is copied, not encoded again. */
  audio: string;
  video: string;
}

/** Draws the stills and puts them together with the sound: H.264 and AAC in an MP4 file that plays while it loads. */
export async function renderVideo(
  stills: readonly Still[],
  files: RenderFiles,
  fonts: Fonts,
  scope: FfmpegScope & { progress(fraction: number): void },
): Promise<void> {
  const names = await drawStills(stills, fonts, scope);
  await writeFile(join(scope.folder, "stills.txt"), concatList(stills, names));
  scope.progress(0.6);
  const video = [
    "-vf",
    `fps=${FRAME_RATE},format=yuv420p`,
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-tune",
    "stillimage",
    "-crf",
    "20",
  ];
  const seconds = stills.reduce((sum, { frames }) => sum + frames, 0) / FRAME_RATE;
  await runFfmpeg(
    [
      ...["-f", "concat", "-i", "stills.txt", "-i", files.audio, "-map", "0:v", "-map", "1:a"],
      ...video,
      // A key frame a second, so that a player can jump.
      ...["-g", String(FRAME_RATE), "-c:a", "copy", "-t", seconds.toFixed(3), "-movflags", "+faststart"],
      ...["-map_metadata", "-1", files.video],
    ],
    scope,
  );
  scope.progress(1);
}

/** Draws each different picture once. Answers the file names in the order of the stills. */
async function drawStills(
  stills: readonly Still[],
  fonts: Fonts,
  { folder, signal, progress }: FfmpegScope & { progress(fraction: number): void },
): Promise<string[]> {
  const files = new Map([...new Set(stills.map(({ svg }) => svg))].map((svg, index) => [svg, `still-${index}.png`]));
  const waiting = [...files];
  const count = waiting.length;
  const drawNext = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      signal.throwIfAborted();
      const [svg, name] = next;
      await writeFile(join(folder, name), await rasterize(svg, fonts));
      progress(0.6 * (1 - waiting.length / count));
    }
  };
  // Waits for all of them, also when one fails: nothing writes to the folder after that.
  const ends = await Promise.allSettled(Array.from({ length: DRAWN_AT_ONCE }, drawNext));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return stills.map(({ svg }) => files.get(svg) ?? "");
}

/** A script of ffmpeg's concat demuxer. The last picture is named twice, because the demuxer ignores its duration. */
function concatList(stills: readonly Still[], names: readonly string[]): string {
  const entries = stills.map(
    ({ frames }, index) => `file ${names[index]}\nduration ${(frames / FRAME_RATE).toFixed(3)}\n`,
  );
  return `ffconcat version 1.0\n${entries.join("")}file ${names.at(-1)}\n`;
}
