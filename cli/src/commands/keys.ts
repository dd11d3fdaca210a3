import { firebaseSecrets } from "../keys/firebase-secrets.ts";
import { makeMissingKeys, type Secrets } from "../keys/make-missing-keys.ts";

/** Options of `baton keys`. */
export interface KeysCommand {
  /** Absent: `GCLOUD_PROJECT`, which `firebase deploy` sets for a predeploy step. */
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

/** Makes the keys of webhooks that are missing in a project. Answers 0, or 1 when it could not. */
export async function keys(
  { projectId, kit, json }: KeysCommand,
  terminal: Printer,
  secrets: Secrets = firebaseSecrets(projectId),
): Promise<0 | 1> {
  try {
    const made = await makeMissingKeys(secrets, new Date(), kit === undefined ? "" : `kit-${kit}-`);
    terminal.print(json ? JSON.stringify({ outcome: "ok", made }) : sentenceOf(made, projectId));
    return 0;
  } catch (error) {
    terminal.warn(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function sentenceOf(made: readonly string[], projectId: string): string {
  if (made.length === 0) return `The keys of webhooks are there in ${projectId}.`;
  return `Made in ${projectId}: ${made.join(", ")}.`;
}
