import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Imports a module that a folder's code would get by this name; undefined when it is not installed there. */
export async function importFrom(folder: string, name: string): Promise<unknown> {
  let path: string;
  try {
    path = createRequire(join(folder, "package.json")).resolve(name);
  } catch {
    return undefined;
  }
  return import(pathToFileURL(path).href);
}
