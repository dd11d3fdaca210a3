import { z } from "zod";

/** Receives one line of output with the part of the cloud it comes from: `api`, `firestore`, `bridge`. */
export type LogLine = (source: string, line: string) => void;

const Entry = z.looseObject({ severity: z.string(), message: z.string() });

/** Renders a function's structured log entry for the terminal. Leaves any other line as it is. */
export function readableLine(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    const { severity, message, ...fields } = Entry.parse(JSON.parse(line));
    const rest = Object.entries(fields).filter(([name]) => !name.startsWith("logging.googleapis.com/"));
    const details = rest.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    return [severity === "INFO" ? "" : severity, message, ...details].filter((part) => part !== "").join(" ");
  } catch {
    // Not a structured entry: the output of a program is shown as it is.
    return line;
  }
}

/** Calls `onLine` for each whole line of the chunks it is given, and `end` for an unfinished last one. */
export function lineSplitter(onLine: (line: string) => void): { push(chunk: string): void; end(): void } {
  let rest = "";
  return {
    push(chunk) {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    },
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

/**
 * True for lines that the emulators and the functions framework print at every start, and that carry no information.
 */
export function isNoise(source: string, line: string): boolean {
  if (line.trim() === "") return true;
  if (source === "firestore" || source === "pubsub")
    return !/error|exception|warn|severe|denied/i.test(line) || line.includes("SLF4J");
  return /^(Serving function\.\.\.|Function: |Signature type: |URL: http:\/\/localhost)/.test(line);
}
