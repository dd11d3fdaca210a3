import type { FileInfo, JobContext } from "@baton/engine";
import type { NarratedScript } from "../../content/narrate.ts";
import { storeAudio, storeJson, storeSubtitles, storeThumbnail, storeVideo } from "../../content/store-media.ts";
import type { DrawnScene } from "../../media/stills.ts";
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

/** Stores the sound track. */
export function writeAudio(context: FileContext, { sound }: NarratedScript): Promise<FileInfo> {
  return storeAudio(context, { speech: sound });
}

/** Stores the video. Its captions are burnt in unless subtitles are asked for. */
export function writeVideo(
  { files, signal, progress }: FileContext,
  content: Content,
  { timeline, cues }: NarratedScript,
): Promise<FileInfo> {
  return storeVideo(
    { files, signal, progress: (fraction) => progress(0.5 + 0.4 * fraction, "video") },
    {
      frame: FRAME,
      hasCaptions: !content.input.formats.includes("subtitles"),
      scenes: drawnScenes(content, timeline.scenes),
      cues,
    },
  );
}

/** Stores a picture that stands for the content, with the sources that the script cites. */
export function writeThumbnail(context: FileContext, { script, sources }: Content): Promise<FileInfo> {
  const used = new Set(script.scenes.flatMap(({ citations }) => citations.map(({ source }) => source)));
  const note = [...used].flatMap((source) => sources[source]?.title ?? []).join(" · ");
  return storeThumbnail(context, { frame: FRAME, title: script.title, note });
}

/** Stores the captions. */
export function writeSubtitles(context: FileContext, { input }: Content, { cues }: NarratedScript): Promise<FileInfo> {
  return storeSubtitles(context, cues, input.language);
}

/** Stores the script with its citations. */
export function writeScriptFile(context: FileContext, { script }: Content): Promise<FileInfo> {
  return storeJson(context, "script.json", script);
}

function drawnScenes({ script, sources }: Content, timed: readonly { startMs: number; endMs: number }[]): DrawnScene[] {
  return script.scenes.map(({ caption, citations }, index) => {
    const title = sources[citations[0]?.source ?? -1]?.title;
    const { startMs = 0, endMs = 0 } = timed[index] ?? {};
    return { heading: caption, startMs, endMs, ...(title !== undefined && { note: title }) };
  });
}
