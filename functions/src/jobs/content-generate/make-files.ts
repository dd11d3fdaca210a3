import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileInfo, JobContext } from "@baton/engine";
import { titleCard } from "../../media/cards/scene-card.ts";
import { svgDocument } from "../../media/cards/svg.ts";
import { loadFonts } from "../../media/fonts.ts";
import type { DrawnScene } from "../../media/stills.ts";
import { toWebVtt } from "../../media/webvtt.ts";
import { withWorkspace } from "../../media/workspace.ts";
import type { NarratedScript } from "./narrate.ts";
import type { SourceText } from "./rag/retrieve.ts";
import type { ContentInput, Script } from "./schemas.ts";

/** Size of the video and of the thumbnail. */
export const FRAME = { width: 1280, height: 720 };

/** The material of the files. */
export interface Content {
  input: ContentInput;
  script: Script;
  sources: readonly SourceText[];
}

type FileContext = Pick<JobContext, "files" | "signal" | "progress">;

/** Stores the sound track, as AAC at the loudness of online players. */
export function writeAudio({ files, signal }: FileContext, narrated: NarratedScript): Promise<FileInfo> {
  const encode = () =>
    withWorkspace(async (folder) => {
      const { encodeAudio } = await import("../../media/encode-audio.ts");
      await encodeAudio({ speech: await narrated.sound(signal) }, "audio.m4a", { folder, signal });
      return readFile(join(folder, "audio.m4a"));
    });
  return files.write("audio.m4a", lazily(encode), { contentType: "audio/mp4" });
}

/**
 * Stores the video: the stored sound track, and a picture for each moment. Its captions are burnt in unless subtitles
 * are asked for.
 */
export function writeVideo(
  context: FileContext,
  content: Content,
  { timeline, cues }: NarratedScript,
): Promise<FileInfo> {
  const { files, signal } = context;
  const progress = (fraction: number) => context.progress(0.5 + 0.4 * fraction, "video");
  const render = () =>
    withWorkspace(async (folder) => {
      const { planStills } = await import("../../media/stills.ts");
      const { renderVideo } = await import("../../media/render-video.ts");
      const fonts = await loadFonts();
      const audio = await files.read("audio.m4a");
      await writeFile(join(folder, "audio.m4a"), await audio.content());
      const hasCaptions = !content.input.formats.includes("subtitles");
      const scenes = drawnScenes(content, timeline.scenes);
      const stills = planStills(fonts, scenes, cues, { frame: FRAME, hasCaptions });
      await renderVideo(stills, { audio: "audio.m4a", video: "video.mp4" }, fonts, { folder, signal, progress });
      return readFile(join(folder, "video.mp4"));
    });
  return files.write("video.mp4", lazily(render), { contentType: "video/mp4" });
}

/** Stores a picture that stands for the content. */
export function writeThumbnail({ files }: FileContext, { script, sources }: Content): Promise<FileInfo> {
  const draw = async () => {
    const { rasterize } = await import("../../media/rasterize.ts");
    const fonts = await loadFonts();
    const used = new Set(script.scenes.flatMap(({ citations }) => citations.map(({ source }) => source)));
    const note = [...used].flatMap((source) => sources[source]?.title ?? []).join(" · ");
    const card = titleCard(fonts, FRAME, script.title, fonts.missingIn(note).length === 0 ? note : "");
    return rasterize(svgDocument(FRAME, card), fonts);
  };
  return files.write("thumbnail.png", lazily(draw), { contentType: "image/png" });
}

/** Stores the captions as WebVTT. */
export function writeSubtitles(
  { files }: FileContext,
  { input }: Content,
  { cues }: NarratedScript,
): Promise<FileInfo> {
  return files.write("subtitles.vtt", toWebVtt(cues, input.language), { contentType: "text/vtt" });
}

/** Stores the script with its citations. */
export function writeScriptFile({ files }: FileContext, { script }: Content): Promise<FileInfo> {
  return files.write("script.json", `${JSON.stringify(script, null, 2)}\n`, { contentType: "application/json" });
}

/** Bytes that are made when they are first read: not at all for a file that an earlier attempt stored. */
async function* lazily(make: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await make();
}

function drawnScenes({ script, sources }: Content, timed: readonly { startMs: number; endMs: number }[]): DrawnScene[] {
  return script.scenes.map(({ caption, citations }, index) => {
    const title = sources[citations[0]?.source ?? -1]?.title;
    const { startMs = 0, endMs = 0 } = timed[index] ?? {};
    return { heading: caption, startMs, endMs, ...(title !== undefined && { note: title }) };
  });
}
