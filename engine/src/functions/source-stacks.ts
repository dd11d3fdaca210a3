import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The place of a frame in a compiled module: its path, or its URL where it is an ES module. */
const PLACE = /((?:file:\/\/)?\/[^\s():]*\.[cm]?js):(\d+):(\d+)/;
/** The folder of this module, which holds the maps of its chunks beside them. */
const OWN_FOLDER = fileURLToPath(new URL(".", import.meta.url));
const maps = new Map<string, SourceMap | undefined>();

/**
 * Makes the stacks of this process name the sources' files and lines, in place of those of compiled modules. Node has
 * the same as an option, which takes 45 ms of each cold start; this reads a map when a stack is first asked for.
 */
export function nameSources(): void {
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
  const [place, module, line, column] = PLACE.exec(frame) ?? [];
  if (place === undefined || module === undefined) return frame;
  const path = module.startsWith("file:") ? fileURLToPath(module) : module;
  const origin = mapOf(path)?.findOrigin(Number(line), Number(column));
  if (origin === undefined || !("fileName" in origin) || !origin.fileName) return frame;
  const source = fileURLToPath(new URL(origin.fileName, pathToFileURL(path)));
  return frame.replace(place, `${source}:${origin.lineNumber}:${origin.columnNumber}`);
}

/** Maps of packages are left alone: they are large, and name code of others. */
function mapOf(path: string): SourceMap | undefined {
  if (path.includes("/node_modules/") && !path.startsWith(OWN_FOLDER)) return undefined;
  if (!maps.has(path)) maps.set(path, readMap(`${path}.map`));
  return maps.get(path);
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Without a map the stack still names the module's lines; an error about it would hide the one that is logged.
    return undefined;
  }
}
