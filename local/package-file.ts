import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

/**
 * Absolute path of a file inside an installed package, also of one its `exports` do not name: the programs in its `bin`
 * are such.
 */
export function packageFile(packageName: string, path: string): string {
  const manifest = findPackageJSON(packageName, import.meta.url);
  if (manifest === undefined) throw new Error(`The package ${packageName} is not installed; run npm ci.`);
  return join(dirname(manifest), path);
}
