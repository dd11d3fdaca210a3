import { createInterface } from "node:readline/promises";
import type { Terminal } from "./terminal.ts";

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const isInteractive = stdin.isTTY === true && stdout.isTTY === true && env.CI === undefined;
  return {
    print: (text) => void stdout.write(`${text}\n`),
    warn: (text) => void stderr.write(`${text}\n`),
    isInteractive,
    // https://no-color.org
    hasColors: stdout.isTTY === true && !env.NO_COLOR,
    confirm: (question) => (isInteractive ? confirmed(question) : Promise.resolve(false)),
  };
}

async function confirmed(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^\s*y(es)?\s*$/i.test(await lines.question(`${question} (y/N) `));
  } catch {
    // The input ended, or the question was interrupted: that is no yes.
    return false;
  } finally {
    lines.close();
  }
}
