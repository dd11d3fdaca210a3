import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Finds the folder of `firebase.json`, from `cwd` upwards, as the Firebase CLI does; undefined when there is none. */
export function findRoot(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "firebase.json"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
