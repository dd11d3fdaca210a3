import { makeMissingKeys, type Secrets } from "../keys/make-missing-keys.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** Options of `baton keys`. */
export interface KeysCommand {
  readonly projectId: string;
  /** An instance of a function kit, whose secrets have its prefix. */
  readonly kit?: string;
  readonly json: boolean;
}

/** The parts of a terminal that this command needs. */
interface Printer {
  print(text: string): void;
  warn(text: string): void;
}

/** Makes the keys of webhooks that are missing in a project. Answers an exit code. */
export async function keys(
  { projectId, kit, json }: KeysCommand,
  terminal: Printer,
  secrets: Secrets,
): Promise<ExitCode> {
  try {
    const made = await makeMissingKeys(secrets, new Date(), kit);
    terminal.print(json ? JSON.stringify({ outcome: "ok", made }) : sentenceOf(made, projectId));
    return EXIT.ok;
  } catch (error) {
    terminal.warn(error instanceof Error ? error.message : String(error));
    return EXIT.failed;
  }
}

function sentenceOf(made: readonly string[], projectId: string): string {
  if (made.length === 0) return `The keys of webhooks are there in ${projectId}.`;
  return `Made in ${projectId}: ${made.join(", ")}.`;
}
