import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ESM } from "./manifest.ts";
import { BUILT, PACKAGES, type PublishedPackage, ROOT } from "./packages.ts";

const run = promisify(execFile);

/** Relative imports of sources in a declaration, which the compiler leaves as they are written. */
const SOURCE_IMPORT = /((?:from |import\()")(\.{1,2}\/[^"]+)\.tsx?"/g;

/**
 * Compiles a package's sources into a folder: JavaScript, declarations, and source maps that hold the sources. Other
 * packages of this repository are taken as built, so they must have been. Rejects with the compiler's complaints.
 */
export async function compile(published: PublishedPackage, outDir: string, format: "esm" | "cjs"): Promise<void> {
  await runCompiler(published, {
    declaration: true,
    sourceMap: true,
    inlineSources: true,
    rootDir: join(ROOT, published.folder),
    outDir,
    ...(format === "cjs" && { module: "commonjs", moduleResolution: "bundler", verbatimModuleSyntax: false }),
  });
  await nameCompiledFiles(outDir);
  if (format === "cjs") await writeFile(join(outDir, "package.json"), '{ "type": "commonjs" }\n');
}

/** Runs the compiler on a package's sources with further options. Rejects with its complaints. */
export async function runCompiler(published: PublishedPackage, options: object): Promise<void> {
  const settings = await mkdtemp(join(BUILT, "tsconfig-"));
  try {
    const path = join(settings, "tsconfig.json");
    await writeFile(path, JSON.stringify(configOf(published, options)));
    await run(process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p", path]);
  } catch (error) {
    throw new Error(`${published.folder} does not compile: ${complaintsOf(error)}`, { cause: error });
  } finally {
    await rm(settings, { recursive: true });
  }
}

function configOf({ folder, sources }: PublishedPackage, options: object) {
  const built = PACKAGES.flatMap(({ folder: other, form }) => {
    const types = join(BUILT, other, ...(form.kind === "bundled" ? [ESM, "types"] : []), "src");
    return [
      [`@baton/${other}`, [join(types, "index.d.ts")]],
      [`@baton/${other}/*`, [join(types, "*.d.ts")]],
    ];
  });
  return {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
      target: "es2022",
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules", "@types")],
      paths: Object.fromEntries(built),
      ...options,
    },
    include: sources.map((name) => join(ROOT, folder, name)),
  };
}

/** Makes the declarations of a folder import compiled files, where they import sources. */
export async function nameCompiledFiles(folder: string): Promise<void> {
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
