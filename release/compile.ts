import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUILT, PACKAGES, type PublishedPackage, ROOT } from "./packages.ts";

const run = promisify(execFile);

/** Relative imports of sources in a declaration, which the compiler leaves as they are written. */
const SOURCE_IMPORT = /((?:from |import\()")(\.{1,2}\/[^"]+)\.tsx?"/g;

/**
 * Compiles a package's sources into a folder: JavaScript, declarations, and source maps that hold the sources. Other
 * packages of this repository are taken as built, so they must have been. Rejects with the compiler's complaints.
 */
export async function compile(published: PublishedPackage, outDir: string, format: "esm" | "cjs"): Promise<void> {
  const settings = await mkdtemp(join(BUILT, "tsconfig-"));
  try {
    const path = join(settings, "tsconfig.json");
    await writeFile(path, JSON.stringify(configOf(published, outDir, format)));
    await run(process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p", path]);
  } catch (error) {
    throw new Error(`${published.folder} does not compile: ${complaintsOf(error)}`, { cause: error });
  } finally {
    await rm(settings, { recursive: true });
  }
  await nameCompiledFiles(outDir);
  if (format === "cjs") await writeFile(join(outDir, "package.json"), '{ "type": "commonjs" }\n');
}

function configOf({ folder, sources }: PublishedPackage, outDir: string, format: "esm" | "cjs") {
  const built = PACKAGES.flatMap((other) => [
    [`@baton/${other.folder}`, [join(BUILT, other.folder, "src", "index.d.ts")]],
    [`@baton/${other.folder}/*`, [join(BUILT, other.folder, "src", "*.d.ts")]],
  ]);
  return {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
      target: "es2022",
      declaration: true,
      sourceMap: true,
      inlineSources: true,
      rootDir: join(ROOT, folder),
      outDir,
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules", "@types")],
      paths: Object.fromEntries(built),
      ...(format === "cjs" && { module: "commonjs", moduleResolution: "bundler", verbatimModuleSyntax: false }),
    },
    include: sources.map((name) => join(ROOT, folder, name)),
  };
}

async function nameCompiledFiles(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((each) => each.endsWith(".d.ts"))) {
    const path = join(folder, name);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(SOURCE_IMPORT, '$1$2.js"'));
  }
}

function complaintsOf(error: unknown): string {
  return error instanceof Error && "stdout" in error ? String(error.stdout).trim() : String(error);
}
