import { posix } from "node:path";
import { type PackageJson, readPackage } from "../edits/dependency.ts";
import { parseJson } from "../edits/json-text.ts";
import type { ProjectFiles } from "../files/project-files.ts";
import { Refusal } from "../refusal.ts";
import type { CodebaseConfig } from "./firebase-config.ts";

/** A functions codebase in JavaScript or TypeScript. Paths are relative to the folder of `firebase.json`. */
export interface Codebase extends CodebaseConfig {
  /** Its `package.json`. */
  readonly packagePath: string;
  readonly package: PackageJson;
  /** The source file whose exports are the functions. */
  readonly entry: string;
  /** End of the names of its source files: `.ts`, `.js`, `.mjs`, ... */
  readonly extension: string;
  readonly isTypeScript: boolean;
  /** True where sources say `import` and `export`. */
  readonly usesImport: boolean;
  /** The folder of Baton's own files, beside the entry. */
  readonly batonFolder: string;
}

const SOURCES = /\.([cm]?[jt]s)$/;

/** Reads a codebase. `entry` names its source file where it is not found otherwise. Throws a `Refusal`. */
export function readCodebase(files: ProjectFiles, config: CodebaseConfig, entry?: string): Codebase {
  const packagePath = posix.join(config.source, "package.json");
  const text = files.read(packagePath);
  const isForNode = config.runtime === undefined || config.runtime.startsWith("nodejs");
  if (text === undefined || !isForNode) {
    const what = isForNode ? `has no ${packagePath}: see its "source" in firebase.json` : `is for ${config.runtime}`;
    const message = `The codebase "${config.name}" ${what}. Baton's functions are JavaScript or TypeScript: name another codebase by --codebase.`;
    throw new Refusal("codebase-language", message);
  }
  const manifest = readPackage(text, packagePath);
  const found = entry ?? findEntry(files, config.source, manifest);
  const extension = SOURCES.exec(found ?? "")?.[0];
  if (found === undefined || extension === undefined || files.read(found) === undefined) {
    const main = manifest.main ?? "index.js";
    const message = `The source file of the codebase "${config.name}" is not found: its "main" is ${main}. Name the file whose exports are the functions by --entry, relative to firebase.json.`;
    throw new Refusal("entry-missing", message);
  }
  const isTypeScript = /ts$/.test(extension);
  return {
    ...config,
    packagePath,
    package: manifest,
    entry: found,
    extension,
    isTypeScript,
    usesImport: isTypeScript || isModule(extension, manifest),
    batonFolder: posix.join(posix.dirname(found), "baton"),
  };
}

/** True where the folder `baton` has the file that makes the functions. */
export function hasBatonFolder(files: ProjectFiles, { batonFolder }: Codebase): boolean {
  return files.list(batonFolder).some((path) => /^index\.[cm]?[jt]s$/.test(posix.relative(batonFolder, path)));
}

function isModule(extension: string, { type }: PackageJson): boolean {
  return extension === ".mjs" || (extension === ".js" && type === "module");
}

/** The source of `main`: the file that a `tsconfig.json` compiles to it, or itself where it is no output of a compiler. */
function findEntry(files: ProjectFiles, source: string, { main = "index.js" }: PackageJson): string | undefined {
  const config = files.read(posix.join(source, "tsconfig.json"));
  const compiled = config === undefined ? [] : compiledFrom(main, config);
  const own = config !== undefined && isOutput(main, config) ? [] : [main];
  return [...compiled, ...own]
    .flatMap((path) => [path, `${path}.js`, posix.join(path, "index.js")])
    .map((path) => posix.join(source, path))
    .find((path) => SOURCES.test(path) && files.read(path) !== undefined);
}

function compiledFrom(main: string, config: string): string[] {
  const { outDir = ".", rootDir = "src" } = compilerOptionsOf(config);
  const inside = posix
    .relative(outDir, main)
    .replace(/\.([cm]?)js$/, ".$1ts")
    .replace(/^(\.\.\/)+/, "");
  // A compiler without rootDir keeps the folder: lib/src/index.js.
  return [...[rootDir, "src", "."].map((folder) => posix.join(folder, inside)), "src/index.ts", "index.ts"];
}

function isOutput(main: string, config: string): boolean {
  const { outDir } = compilerOptionsOf(config);
  return outDir !== undefined && !posix.relative(outDir, main).startsWith("..");
}

function compilerOptionsOf(config: string): { outDir?: string; rootDir?: string } {
  const value = parseJson(config)?.value;
  const options = isRecord(value) && isRecord(value.compilerOptions) ? value.compilerOptions : {};
  const { outDir, rootDir } = options;
  return {
    ...(typeof outDir === "string" && { outDir }),
    ...(typeof rootDir === "string" && { rootDir }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
