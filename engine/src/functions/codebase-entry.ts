import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Environment } from "../kit/settings.ts";

/**
 * Finds the module of the codebase that exports the functions, as the functions framework does: `main` of the
 * `package.json` in the working directory, or in the folder that `FUNCTION_SOURCE` names. A compute process runs it, too:
 * there `createBaton` serves the job types' compute functions. Throws when there is none.
 */
export function codebaseEntry({ FUNCTION_SOURCE = "." }: Environment): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve(resolve(FUNCTION_SOURCE)));
}
