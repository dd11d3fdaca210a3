import type { JobContext } from "@baton/engine";
import { measureFile } from "../../content/measure-file.ts";
import { narrate } from "../../content/narrate.ts";
import type { ContentCompute } from "./compute.ts";
import {
  type Content,
  FRAME,
  writeAudio,
  writeScriptFile,
  writeSubtitles,
  writeThumbnail,
  writeVideo,
} from "./make-files.ts";
import type { ContentPorts } from "./ports.ts";
import type { ContentFormat, ContentInput, ContentOutput } from "./schemas.ts";
import type { ContentSettings } from "./settings.ts";
import { gatherSources } from "./sources/gather-sources.ts";
import { findInSources, readQuery, writeScript } from "./write-script.ts";

/** Does the work of a job: reads the query, finds what the sources say, writes the script, and makes the formats. */
export async function generateContent(
  context: JobContext<ContentCompute, ContentSettings>,
  input: ContentInput,
  ports: ContentPorts,
): Promise<ContentOutput> {
  context.progress(0.02, "nlu");
  const understanding = await readQuery(context, input);
  if (input.sourceUrls) context.progress(0.05, "sources");
  const sources = await gatherSources(context, input, ports);
  context.progress(0.08, "rag");
  const passages = await findInSources(context, input, understanding, sources);
  context.progress(0.15, "script");
  const material = { question: understanding, sources, passages, seconds: input.seconds };
  const script = await writeScript(context, ports, input, material);
  const made = await makeFormats(context, ports, { input, script, sources });
  return { understanding, sources: sources.map(({ text: _, ...named }) => named), script, ...made };
}

type Made = Pick<ContentOutput, "files" | "voice" | "durationMs" | "quality">;

/** Makes the formats that the input names, and what they need. A file's name is the same in every attempt. */
async function makeFormats(
  context: JobContext<ContentCompute>,
  { voice }: ContentPorts,
  content: Content,
): Promise<Made> {
  const { formats, language, seconds } = content.input;
  const wants = (...wanted: ContentFormat[]) => wanted.some((format) => formats.includes(format));
  const files: Made["files"] = {};
  if (wants("script")) files.script = await writeScriptFile(context, content);
  if (wants("thumbnail")) files.thumbnail = await writeThumbnail(context, content);
  if (!wants("audio", "video", "subtitles")) return { files };

  context.progress(0.25, "tts");
  const narrated = await narrate(context, voice, content.script.scenes, {
    language,
    seconds: { least: seconds, most: seconds },
  });
  if (wants("subtitles")) files.subtitles = await writeSubtitles(context, content, narrated);
  const { durationMs } = narrated.timeline;
  if (!wants("audio", "video")) return { files, voice: voice.name, durationMs };

  const audio = await writeAudio(context, narrated);
  if (wants("audio")) files.audio = audio;
  context.progress(0.5, "video");
  if (wants("video")) files.video = await writeVideo(context, content, narrated);
  context.progress(0.92, "quality");
  const wanted = { durationMs: seconds * 1000, scenes: narrated.timeline.scenes, cues: narrated.cues };
  const quality = wants("video")
    ? await measureFile(context, { name: "video.mp4", target: { ...wanted, frame: FRAME } })
    : await measureFile(context, { name: "audio.m4a", target: wanted });
  return { files, voice: voice.name, durationMs, quality };
}
