import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ES_BUNDLE, withoutBanner } from "./es-bundle.ts";
import { installedVersion, type Lockfile, lockfileOf } from "./lockfile.ts";
import { keepOwnSources } from "./source-maps.ts";

const FRAMEWORK = "@google-cloud/functions-framework";

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

/** A source in this repository; in the published package, a bundle beside the one that this file is in. */
const LEASE_GUARD = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../src/functions/lease-guard.ts" : "./lease-guard.js", import.meta.url),
);

/** The modules of the published engine, which is bundled itself. */
const PUBLISHED = /@baton[\\/]engine[\\/]esm[\\/][\w-]+\.js$/;

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
    ...ES_BUNDLE,
    entryPoints: { index: entry, "lease-guard": LEASE_GUARD },
    outdir,
    target: "node24",
    // One copy of the SDK for all: a team's `setGlobalOptions` counts for Baton's functions, too.
    external: ["firebase-functions", ...packages],
    plugins: [withoutBanner(PUBLISHED)],
  });
  await keepOwnSources(outdir);
}

async function writePackageFiles(outdir: string, lockfile: string, packages: readonly string[]): Promise<void> {
  const root: Lockfile = JSON.parse(await readFile(lockfile, "utf8"));
  // The platform brings a framework of its own where a codebase names none.
  const outside = [FRAMEWORK, "firebase-functions", ...packages].filter(
    (name) => name !== FRAMEWORK || root.packages[`node_modules/${name}`] !== undefined,
  );
  const deployed = {
    name: "baton-functions",
    private: true,
    type: "module",
    main: "index.js",
    engines: { node: "24" },
    // The platform starts the framework; the SDK declares the functions. All else but `packages` is in the bundle.
    dependencies: Object.fromEntries(outside.map((name) => [name, installedVersion(root, name)])),
  };
  await writeJson(join(outdir, "package.json"), deployed);
  // Without it the platform installs whatever is newest of what these packages need.
  await writeJson(join(outdir, "package-lock.json"), lockfileOf(deployed, root, "functions"));
}

function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
