import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The code of the chunk `name` in a folder of bundled functions, and of all that it imports at once. */
export async function loadedCode(folder: string, name: string): Promise<string> {
  return loadedBy(folder, await chunkOf(folder, name), new Set());
}

/** The file of the chunk `name`. */
export async function chunkOf(folder: string, name: string): Promise<string> {
  const files = await readdir(folder);
  const found = files.find((file) => file === `${name}.js` || new RegExp(`^${name}-[A-Z0-9]{8}\\.js$`).test(file));
  return found ?? `${name}.js`;
}

async function loadedBy(folder: string, file: string, seen: Set<string>): Promise<string> {
  if (seen.has(file)) return "";
  seen.add(file);
  const code = await readFile(join(folder, file), "utf8");
  const imports = [...code.matchAll(/^(?:import|export)[^"\n]*"\.\/([^"]+\.js)"|^\} from "\.\/([^"]+\.js)"/gm)];
  const parts = await Promise.all(imports.map((found) => loadedBy(folder, found[1] ?? found[2] ?? "", seen)));
  return [code, ...parts].join("\n");
}
