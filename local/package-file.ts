import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";

/**
 * Absolute path of a file inside an installed package, also of one its `exports` do not name: the programs in its `bin`
 * are such. The package is looked for where the file or folder `from` would find it; default: where this program does.
 */
export function packageFile(packageName: string, path: string, from?: string): string {
  const folder = packageFolder(packageName, from ?? import.meta.filename);
  if (folder === undefined) throw new Error(`The package ${packageName} is not installed; run npm ci.`);
  return join(folder, path);
}

/** The folder of an installed package as a file at `from` would find it; undefined when it would not. */
export function packageFolder(packageName: string, from: string): string | undefined {
  const places = createRequire(from).resolve.paths(packageName) ?? [];
  return places.map((place) => join(place, packageName)).find((folder) => existsSync(join(folder, "package.json")));
}

/** Path of a program beside `file`, in that file's own form: a source in this repository, compiled in the package. */
export function programBeside(file: string, name: string): string {
  return join(dirname(file), `${name}${extname(file)}`);
}
