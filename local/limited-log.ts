import type { LogLine } from "./log.ts";

/** Lines of one source that are printed in one window; further lines are counted. */
const LINES_PER_WINDOW = 20;
const WINDOW_MS = 10_000;

/**
 * The parts of the cloud whose floods of lines are cut short. A tab that closes leaves the Firestore emulator with a
 * stack for every document its listeners wait for.
 */
const LIMITED = new Set(["firestore", "pubsub", "auth"]);

/**
 * Passes lines on to `log`, of each emulator at most 20 in ten seconds, and says how many it kept back. `command` is the
 * one that prints them all with `--verbose`.
 */
export function limitedLog(log: LogLine, command: string): LogLine {
  const windows = new Map<string, { lines: number }>();
  return (source, line) => {
    if (!LIMITED.has(source)) return log(source, line);
    let window = windows.get(source);
    if (window === undefined) {
      const opened = { lines: 0 };
      window = opened;
      windows.set(source, opened);
      setTimeout(() => {
        windows.delete(source);
        const kept = opened.lines - LINES_PER_WINDOW;
        if (kept > 0) log(source, `... and ${kept} more lines like these; ${command} --verbose prints them all`);
      }, WINDOW_MS).unref();
    }
    window.lines += 1;
    if (window.lines <= LINES_PER_WINDOW) log(source, line);
  };
}
