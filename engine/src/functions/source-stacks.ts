import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/*
 * Importing this makes the stacks of this process name the sources' files and lines, in place of the bundle's. Node has
 * the same as an option, which takes 45 ms of each cold start; this reads a map when a stack is first asked for.
 */

/** The folder of the bundle, which holds the maps beside their chunks. */
const FOLDER = new URL(".", import.meta.url).href;
const maps = new Map<string, SourceMap | undefined>();

if (import.meta.url.endsWith(".js")) {
  Error.prepareStackTrace = (error, frames) =>
    [describe(error), ...frames.map((frame) => `    at ${withSource(String(frame))}`)].join("\n");
}

function describe(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    // Its name or message is a getter that throws, or a symbol; the frames are still of use.
    return "Error";
  }
}

function withSource(frame: string): string {
  const start = frame.indexOf(FOLDER);
  if (start < 0) return frame;
  const [place, chunk, line, column] = /^([^/\s]+\.js):(\d+):(\d+)/.exec(frame.slice(start + FOLDER.length)) ?? [];
  if (place === undefined || chunk === undefined) return frame;
  const origin = mapOf(chunk)?.findOrigin(Number(line), Number(column));
  if (origin === undefined || !("fileName" in origin) || !origin.fileName) return frame;
  const source = fileURLToPath(new URL(origin.fileName, FOLDER));
  const found = `${source}:${origin.lineNumber}:${origin.columnNumber}`;
  return `${frame.slice(0, start)}${found}${frame.slice(start + FOLDER.length + place.length)}`;
}

function mapOf(chunk: string): SourceMap | undefined {
  if (!maps.has(chunk)) maps.set(chunk, readMap(`${FOLDER}${chunk}.map`));
  return maps.get(chunk);
}

function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(url), "utf8")));
  } catch {
    // Without a map the stack still names the bundle's lines; an error about it would hide the one that is logged.
    return undefined;
  }
}
