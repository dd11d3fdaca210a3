import { type LogLine, readableLine } from "./log.ts";

/** A line of a stack, with the place that it names. */
const FRAME = /^\s+at (?:[^/]*\()?(?:file:\/\/)?(.+:\d+:\d+)\)?(?: \{)?$/;
/** Other lines that Node's errors bring: the reference to lines above, and the properties of an error. */
const FILLER = /^\s+\.{3} \d+ lines matching cause stack trace \.{3}$/;
/** Places in Node itself and in packages, which tell an author nothing. */
const FOREIGN = /\bnode:|[\\/]node_modules[\\/]/;

/**
 * Cuts stacks short: of each only its first place in the author's own code is left. The parts of one source come line by
 * line, or as one text with several lines.
 */
export function shortStacks(log: LogLine): LogLine {
  /** The sources whose current stack has shown its place. */
  const shown = new Set<string>();
  return (source, text) => {
    const kept = readableLine(text)
      .split("\n")
      .filter((line) => isKept(source, line, shown));
    if (kept.length > 0) log(source, kept.join("\n"));
  };
}

function isKept(source: string, line: string, shown: Set<string>): boolean {
  if (FILLER.test(line)) return false;
  const place = FRAME.exec(line)?.[1];
  if (place === undefined) {
    shown.delete(source);
    return true;
  }
  if (FOREIGN.test(place) || shown.has(source)) return false;
  shown.add(source);
  return true;
}
