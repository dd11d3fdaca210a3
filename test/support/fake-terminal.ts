import type { Terminal } from "../../cli/src/terminal/terminal.ts";

/** A terminal that keeps what is printed, and answers each question with the next of `answers`; without any it is nobody's. */
export function fakeTerminal(answers: readonly boolean[] = []) {
  const left = [...answers];
  const seen = { printed: [] as string[], warned: [] as string[], asked: [] as string[] };
  const terminal: Terminal = {
    print: (text) => void seen.printed.push(text),
    warn: (text) => void seen.warned.push(text),
    isInteractive: answers.length > 0,
    hasColors: false,
    confirm: async (question) => {
      seen.asked.push(question);
      return left.shift() ?? false;
    },
  };
  return { terminal, ...seen };
}
