import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import enginePackage from "../package.json" with { type: "json" };
import { installedVersion, type Lockfile, lockfileOf } from "./lockfile.ts";
import { keepOwnSources } from "./source-maps.ts";

/** Options of a build. */
export interface BuildOptions {
  /** Absolute path of the module that exports what `createBaton` made. */
  entry: string;
  /** Absolute path of the folder that receives the bundle, below one from which the packages it names are found. */
  outDir: string;
  /** Absolute path of the `package-lock.json` that says what is installed. */
  lockfile: string;
  /**
   * Packages that stay outside the bundle, because they find their own files beside them: programs, native modules,
   * fonts. The deployed `package.json` names them, in the lockfile's versions. Import them dynamically, from the code
   * that runs them.
   */
  packages?: readonly string[];
}

/** A source in this repository, and a compiled module in the published package, as this file is. */
const LEASE_GUARD = fileURLToPath(new URL(`../src/functions/lease-guard${extname(import.meta.url)}`, import.meta.url));

/** Names that CommonJS packages expect, defined for an ES module. */
const COMMONJS_BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { dirname as __dirnameOf } from "node:path";',
  'import { fileURLToPath as __fileOf } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileOf(import.meta.url);",
  "const __dirname = __dirnameOf(__filename);",
].join("\n");

/**
 * Bundles a team's functions into one folder that deploys as it is. `index.js` is what every function loads; what each
 * of them runs is in chunks of its own, for short cold starts. `package.json` names the packages that the platform
 * needs beside it, and `package-lock.json` all that these need, as installed here. Built apart and moved into place: no
 * process starts from half a bundle, and a failed build leaves the last one.
 */
export async function buildFunctions({ entry, outDir, lockfile, packages = [] }: BuildOptions): Promise<void> {
  const building = `${outDir}.${process.pid}`;
  try {
    await mkdir(building, { recursive: true });
    // Written first: it tells when the sources were read, and what is edited from here on is newer.
    await writePackageFiles(building, lockfile, packages);
    await bundle(entry, building, packages);
    await rm(outDir, { recursive: true, force: true });
    await rename(building, outDir);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function bundle(entry: string, outdir: string, packages: readonly string[]): Promise<void> {
  await build({
    entryPoints: { index: entry, "lease-guard": LEASE_GUARD },
    outdir,
    bundle: true,
    // What one function runs, and a handler's heavy libraries, live in chunks that are loaded when they are needed.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // One copy of the SDK for all: a team's `setGlobalOptions` counts for Baton's functions, too.
    external: ["firebase-functions", ...packages],
    // Prefers the ES modules of packages that have both kinds: required and imported copies of zod do not know each other.
    mainFields: ["module", "main"],
    // No minifying of names or lines: a stack in the logs has to be readable.
    minifySyntax: true,
    legalComments: "none",
    // A stack in the logs names the author's file and line; the sources themselves stay at home.
    sourcemap: "linked",
    sourcesContent: false,
    banner: { js: COMMONJS_BANNER },
    logLevel: "warning",
  });
  await keepOwnSources(outdir);
}

async function writePackageFiles(outdir: string, lockfile: string, packages: readonly string[]): Promise<void> {
  const root: Lockfile = JSON.parse(await readFile(lockfile, "utf8"));
  const { "@google-cloud/functions-framework": framework, "firebase-functions": sdk } = enginePackage.dependencies;
  const deployed = {
    name: "baton-functions",
    private: true,
    type: "module",
    main: "index.js",
    engines: { node: "24" },
    // The platform starts the framework; the SDK declares the functions. All else but `packages` is in the bundle.
    dependencies: {
      "@google-cloud/functions-framework": framework,
      "firebase-functions": sdk,
      ...Object.fromEntries(packages.map((name) => [name, installedVersion(root, name)])),
    },
  };
  await writeJson(join(outdir, "package.json"), deployed);
  // Without it the platform installs whatever is newest of what these packages need.
  await writeJson(join(outdir, "package-lock.json"), lockfileOf(deployed, root, "functions"));
}

function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
