import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { nameCompiledFiles, runCompiler } from "./compile.ts";
import { COMMONJS, ESM } from "./manifest.ts";
import { BUILT, PACKAGES, type PublishedPackage, ROOT } from "./packages.ts";

/** The modules that a declaration imports. */
const IMPORT = /(?<=(?:from |import\()")[^"]+(?=")/g;
/** Where a bundled package holds the declarations of this repository's other packages, below its own. */
const OTHERS = "packages";

/**
 * Writes the declarations of a bundled package for both formats: those that its exports reach, and with them those of
 * this repository's packages, whose code the bundle holds, too. Rejects with the compiler's complaints.
 */
export async function declare(published: PublishedPackage, exports: readonly string[], target: string): Promise<void> {
  const all = await mkdtemp(join(BUILT, "declarations-"));
  try {
    await runCompiler(published, {
      declaration: true,
      emitDeclarationOnly: true,
      // The functions of Node 20: a newer one in the sources is an error here.
      lib: ["es2023", "es2024.string"],
      rootDir: join(ROOT, published.folder),
      outDir: all,
    });
    await nameCompiledFiles(all);
    for (const { folder } of PACKAGES.slice(0, PACKAGES.indexOf(published))) {
      await cp(join(BUILT, folder, "src"), join(all, OTHERS, folder), { recursive: true });
    }
    const roots = exports.map((source) => join(all, source.replace(/\.ts$/, ".d.ts")));
    for (const [path, text] of await reachable(roots, all)) {
      for (const format of [ESM, COMMONJS]) await writeAt(join(target, format, "types", relative(all, path)), text);
    }
  } finally {
    await rm(all, { recursive: true });
  }
}

/** Reads the declarations that `roots` reach, by path. Imports of this repository's packages become relative ones. */
async function reachable(roots: readonly string[], folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const waiting = [...roots];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const from = dirname(path);
    const text = (await readFile(path, "utf8")).replaceAll(IMPORT, (name) => relativeName(name, from, folder));
    found.set(path, text);
    const near = [...text.matchAll(IMPORT)].map(([name]) => name).filter((name) => name.startsWith("."));
    waiting.push(...near.map((name) => join(from, name.replace(/\.js$/, ".d.ts"))));
  }
  return found;
}

function relativeName(name: string, from: string, folder: string): string {
  const other = /^@baton\/([\w-]+)$/.exec(name)?.[1];
  if (other === undefined) return name;
  const path = relative(from, join(folder, OTHERS, other, "index.js"));
  return path.startsWith(".") ? path : `./${path}`;
}

async function writeAt(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
