import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileInfo, JobContext } from "@baton/engine";
import type { Cue } from "../media/captions.ts";
import { titleCard } from "../media/cards/scene-card.ts";
import { type Frame, svgDocument } from "../media/cards/svg.ts";
import { loadFonts } from "../media/fonts.ts";
import type { Pcm } from "../media/pcm.ts";
import type { Drawing, DrawnScene } from "../media/stills.ts";
import { toWebVtt } from "../media/webvtt.ts";
import { withWorkspace } from "../media/workspace.ts";

/** The part of a job's context that stores files. */
export type FileContext = Pick<JobContext, "files" | "signal">;

/** The sounds of a track, each made when it is needed. */
export interface TrackSounds {
  speech(signal: AbortSignal): Promise<Pcm>;
  music?(signal: AbortSignal): Promise<Pcm>;
}

/** Stores the sound track `audio.m4a`, as AAC at the loudness of online players. */
export function storeAudio({ files, signal }: FileContext, sounds: TrackSounds): Promise<FileInfo> {
  const encode = () =>
    withWorkspace(async (folder) => {
      const { encodeAudio } = await import("../media/encode-audio.ts");
      const music = await sounds.music?.(signal);
      const track = { speech: await sounds.speech(signal), ...(music && { music }) };
      await encodeAudio(track, "audio.m4a", { folder, signal });
      return readFile(join(folder, "audio.m4a"));
    });
  return files.write("audio.m4a", lazily(encode), { contentType: "audio/mp4" });
}

/** The pictures of a video. */
export interface Picture extends Drawing {
  scenes: readonly DrawnScene[];
  cues: readonly Cue[];
}

/** Stores the video `video.mp4`: the stored sound track, and a picture for each moment. */
export function storeVideo(
  { files, signal, progress }: FileContext & { progress(fraction: number): void },
  { scenes, cues, ...drawing }: Picture,
): Promise<FileInfo> {
  const render = () =>
    withWorkspace(async (folder) => {
      const { planStills } = await import("../media/stills.ts");
      const { renderVideo } = await import("../media/render-video.ts");
      const fonts = await loadFonts();
      const audio = await files.read("audio.m4a");
      await writeFile(join(folder, "audio.m4a"), await audio.content());
      const stills = planStills(fonts, scenes, cues, drawing);
      await renderVideo(stills, { audio: "audio.m4a", video: "video.mp4" }, fonts, { folder, signal, progress });
      return readFile(join(folder, "video.mp4"));
    });
  return files.write("video.mp4", lazily(render), { contentType: "video/mp4" });
}

/** The content of a thumbnail. */
export interface Thumbnail {
  frame: Frame;
  title: string;
  /** A line below; one with letters that the font lacks is left out. */
  note: string;
}

/** Stores the picture `thumbnail.png`, which stands for the content. */
export function storeThumbnail(
  { files }: Pick<FileContext, "files">,
  { frame, title, note }: Thumbnail,
): Promise<FileInfo> {
  return storePicture({ files }, "thumbnail.png", async () => {
    const fonts = await loadFonts();
    const card = titleCard(fonts, frame, title, fonts.missingIn(note).length === 0 ? note : "");
    return svgDocument(frame, card);
  });
}

/** Stores a drawing as PNG. */
export function storePicture(
  { files }: Pick<FileContext, "files">,
  name: string,
  draw: () => Promise<string>,
): Promise<FileInfo> {
  const render = async () => {
    const { rasterize } = await import("../media/rasterize.ts");
    return rasterize(await draw(), await loadFonts());
  };
  return files.write(name, lazily(render), { contentType: "image/png" });
}

/** Stores the captions `subtitles.vtt` as WebVTT. */
export function storeSubtitles(
  { files }: Pick<FileContext, "files">,
  cues: readonly Cue[],
  language: string,
): Promise<FileInfo> {
  return files.write("subtitles.vtt", toWebVtt(cues, language), { contentType: "text/vtt" });
}

/** Stores a value as a JSON file. */
export function storeJson({ files }: Pick<FileContext, "files">, name: string, value: unknown): Promise<FileInfo> {
  return files.write(name, `${JSON.stringify(value, null, 2)}\n`, { contentType: "application/json" });
}

/** Bytes that are made when they are first read: not at all for a file that an earlier attempt stored. */
async function* lazily(make: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await make();
}
