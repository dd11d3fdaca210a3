import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { LocalCloudError } from "../problem.ts";
import type { Codebase, Project } from "./project.ts";

/** The variables of a codebase, as its files give them. */
export interface EnvFiles {
  /** Of `.env`, `.env.<project>` and `.env.local`; a later file wins. */
  variables: Record<string, string>;
  /** Of `.secret.local`: only functions that declare a secret get it. */
  secrets: Record<string, string>;
}

/** The files that the Firebase emulators read, in their order: https://firebase.google.com/docs/functions/config-env */
export function envFilesOf({ projectId }: Pick<Project, "projectId">): string[] {
  // The real project's file holds settings for this machine's copy of it, too.
  const real = projectId.replace(/^demo-/, "");
  return [".env", `.env.${real}`, `.env.${projectId}`, ".env.local"];
}

/** The file with the secrets of this machine. */
export const SECRET_FILE = ".secret.local";

/**
 * Reads the variables of a codebase by the Firebase CLI's own reader, which also refuses names that production refuses.
 * Throws a `LocalCloudError` that names the file and the line.
 */
export async function readEnvFiles(
  project: Pick<Project, "root" | "projectId">,
  codebase: Codebase,
): Promise<EnvFiles> {
  const read = (name: string) => readEnvFile(join(codebase.configDir, name), project.root);
  const files = await Promise.all(envFilesOf(project).map(read));
  return { variables: Object.assign({}, ...files), secrets: await read(SECRET_FILE) };
}

async function readEnvFile(path: string, root: string): Promise<Record<string, string>> {
  if (!existsSync(path)) return {};
  const text = await readFile(path, "utf8");
  try {
    return parser().parseStrict(text);
  } catch (cause) {
    const reasons = reasonsOf(cause).join("; ");
    throw new LocalCloudError(`${relative(root, path)} cannot be read: ${reasons}`, { cause });
  }
}

interface Parser {
  parseStrict(text: string): Record<string, string>;
}

/** Loaded when the first file is there: it brings much of the CLI along. */
function parser(): Parser {
  return createRequire(import.meta.url)("firebase-tools/lib/functions/env.js");
}

/** The CLI keeps the reasons of some errors in `children`. */
function reasonsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const children = "children" in error && Array.isArray(error.children) ? error.children : [];
  return children.length === 0 ? [error.message] : children.flatMap(reasonsOf);
}
