import type { Narrated } from "./types.ts";

/** Words, and when they are said, in milliseconds from the start. */
export interface TranscriptLine {
  startMs: number;
  endMs: number;
  text: string;
}

/** The text of subtitles, and its language as far as the file names it. */
export interface Subtitles {
  language: string | undefined;
  lines: TranscriptLine[];
}

const TIMING = /^((?:\d{2,}:)?\d\d:\d\d\.\d{3})[ \t]+-->[ \t]+((?:\d{2,}:)?\d\d:\d\d\.\d{3})/;

/** Reads a WebVTT file (https://www.w3.org/TR/webvtt1/). Blocks without a time, such as notes, are passed over. */
export function readWebVtt(file: string): Subtitles {
  const [header = "", ...blocks] = file.replace(/\r\n?/g, "\n").split(/\n{2,}/);
  const [, language] = /^Language: *(\S+)/m.exec(header) ?? [];
  return { language, lines: blocks.flatMap(lineOfBlock) };
}

function lineOfBlock(block: string): TranscriptLine[] {
  const rows = block.split("\n");
  const place = rows.findIndex((row) => TIMING.test(row));
  const [, start = "", end = ""] = TIMING.exec(rows[place] ?? "") ?? [];
  const text = plainText(rows.slice(place + 1).join(" "));
  return place < 0 || text === "" ? [] : [{ startMs: msOf(start), endMs: msOf(end), text }];
}

/** Reads `01:02.500` and `1:01:02.500`. */
function msOf(timestamp: string): number {
  const seconds = timestamp.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round(seconds * 1000);
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": " " };

function plainText(cue: string): string {
  const withoutTags = cue.replace(/<[^>]*>/g, "");
  return withoutTags.replace(/&(?:lt|gt|amp|nbsp);/g, (entity) => ENTITIES[entity] ?? entity).trim();
}

/** Gives a line for each scene, where there are no subtitles. Their times are those that the script planned. */
export function linesOfScenes({ script, durationMs }: Pick<Narrated, "script" | "durationMs">): TranscriptLine[] {
  const plannedMs = script.scenes.reduce((sum, { seconds }) => sum + seconds * 1000, 0);
  const scale = durationMs === undefined ? 1 : durationMs / plannedMs;
  let startMs = 0;
  return script.scenes.map(({ narration, seconds }) => {
    const line = { startMs, endMs: startMs + seconds * 1000 * scale, text: narration };
    startMs = line.endMs;
    return line;
  });
}

/**
 * Finds the line at a time: the last one that has begun, also in the pause behind it. Gives -1 before the first one.
 */
export function lineAt(lines: readonly TranscriptLine[], ms: number): number {
  const next = lines.findIndex(({ startMs }) => startMs > ms);
  return next < 0 ? lines.length - 1 : next - 1;
}

/** Writes a time as a player does: `1:05`. */
export function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
