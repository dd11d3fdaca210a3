import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Refusal } from "../refusal.ts";

/** Finds the folder of `firebase.json`, from `cwd` upwards, as the Firebase CLI does; undefined when there is none. Throws a `Refusal` where `cwd` is no folder. */
export function findRoot(cwd: string): string | undefined {
  if (!existsSync(cwd)) throw new Refusal("project-missing", `There is no folder ${resolve(cwd)}.`);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "firebase.json"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Finds the folder of `firebase.json`. Throws a `Refusal` when there is none. */
export function demandRoot(cwd: string): string {
  const root = findRoot(cwd);
  if (root !== undefined) return root;
  throw new Refusal(
    "project-missing",
    `There is no firebase.json in ${resolve(cwd)}, or in a folder above. Run "npx @baton/cli init" first, or name the folder by --cwd.`,
  );
}
