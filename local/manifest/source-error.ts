import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A place in a source file; `line` and `column` count from 1. */
export interface SourcePlace {
  file: string;
  line: number;
  column?: number;
}

/** Begins the lines of a stack: `    at main (/app/index.js:3:9)`. */
const FRAME = /^\s+at (?:[^/]*\()?((?:file:\/\/)?\/.+):(\d+):(\d+)\)?$/;
/** The first line of what Node prints for an error that nothing caught: `/app/index.js:3`. */
const THROWN_AT = /^((?:file:\/\/)?\/.+):(\d+)$/;
/** The line that says what went wrong: `TypeError: x is not a function`. */
const MESSAGE = /^(?:Uncaught )?(?:\w*(?:Error|Exception)\b(?: \[[^\]]+\])?(?:: .*)?)$/;

/**
 * Tells an error that Node printed in a sentence: what went wrong, where in the author's code, and the line itself. A
 * text without a message that is one is given back, trimmed.
 */
export function describeSourceError(output: string, folder: string): string {
  const lines = output.trim().split(/\r?\n/);
  const message = lines.find((line) => MESSAGE.test(line.trim()))?.trim();
  if (message === undefined) return output.trim();
  const place = authorsPlace(lines, folder);
  if (place === undefined) return message;
  const name = relative(folder, place.file);
  const column = place.column === undefined ? "" : `:${place.column}`;
  const source = sourceLine(place);
  return [
    `${message} (${name}:${place.line}${column})`,
    ...(source === "" ? [] : [`  ${place.line} | ${source}`]),
  ].join("\n");
}

/** The first place of a stack that is in the author's own code; undefined when there is none. */
function authorsPlace(lines: readonly string[], folder: string): SourcePlace | undefined {
  const frames = lines.flatMap((line) => {
    const [, file = "", number = "", column = ""] = FRAME.exec(line) ?? [];
    return file === "" ? [] : [{ file: pathOf(file), line: Number(number), column: Number(column) }];
  });
  const thrown = lines.flatMap((line) => {
    const [, file = "", number = ""] = THROWN_AT.exec(line.trim()) ?? [];
    return file === "" ? [] : [{ file: pathOf(file), line: Number(number) }];
  });
  return [...frames, ...thrown].find(({ file }) => isOwn(file, folder));
}

/** True for files of the codebase that are not those of a package. */
function isOwn(file: string, folder: string): boolean {
  const inside = relative(folder, file);
  // A codebase that is built has its sources beside the folder that is deployed.
  return !inside.split("/").includes("node_modules") && !inside.startsWith("../../..");
}

function pathOf(file: string): string {
  return file.startsWith("file://") ? fileURLToPath(file) : file;
}

function sourceLine({ file, line }: SourcePlace): string {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/)[line - 1]?.trim() ?? "";
  } catch {
    // A file that a source map names and the package lacks: the place alone says enough.
    return "";
  }
}
