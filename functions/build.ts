import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { lockfileOf } from "./lockfile.ts";
import packageJson from "./package.json" with { type: "json" };
import { keepOwnSources } from "./source-maps.ts";

/** The folder of each function, which is also its codebase's name (lower case, as the Firebase CLI wants it), and its export. */
const FUNCTIONS = {
  api: "api",
  worker: "worker",
  "worker-heavy": "workerHeavy",
  wake: "wake",
  notify: "notify",
  deliver: "deliver",
  bury: "bury",
  sweep: "sweep",
};
/** The functions that run jobs, and so the jobs' compute functions in processes of their own. */
const COMPUTING: ReadonlySet<string> = new Set(["worker", "worker-heavy"]);
const here = dirname(fileURLToPath(import.meta.url));
const COMPUTE_ENTRY = join(here, "src", "compute-entry.ts");
const LEASE_GUARD_ENTRY = join(here, "src", "lease-guard-entry.ts");

/** What to build, and where. */
export interface BuildOptions {
  /** Absolute path of the folder that receives the bundles, below this one: there they find the packages they name. */
  outDir: string;
  /** Absolute path of a module that exports `jobTypes` in the place of `src/jobs/index.ts`; all other code stays the same. */
  jobTypes?: string;
}

/** What CommonJS packages expect to find around them, inside an ES module. */
const COMMONJS_BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { dirname as __dirnameOf } from "node:path";',
  'import { fileURLToPath as __fileOf } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileOf(import.meta.url);",
  "const __dirname = __dirnameOf(__filename);",
].join("\n");

// No `await` at the top: mocha could not load what imports this file.
if (import.meta.main) {
  buildFunctions({ outDir: join(here, "dist") }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

/**
 * Bundles each function apart into `<outDir>/<folder>/`, a folder that deploys as it is. `index.js` holds only what
 * this function uses, for short cold starts. `package.json` names the packages that the platform needs beside it, and
 * `package-lock.json` all that these need, as tested. Built apart and moved into place: no process starts from half a
 * bundle, and a failed build leaves the last one.
 */
export async function buildFunctions({ outDir, jobTypes }: BuildOptions): Promise<void> {
  const building = `${outDir}.${process.pid}`;
  const plugins = jobTypes === undefined ? [] : [otherJobTypes(jobTypes)];
  try {
    await Promise.all(
      Object.entries(FUNCTIONS).map(([folder, name]) => bundle(folder, name, join(building, folder), plugins)),
    );
    await rm(outDir, { recursive: true, force: true });
    await rename(building, outDir);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/**
 * Gives another registry to those two modules that import it, and to no other: the registry may import the module it
 * replaces.
 */
function otherJobTypes(path: string): Plugin {
  const starts = [join(here, "src", "wiring.ts"), COMPUTE_ENTRY];
  return {
    name: "other-job-types",
    setup(building) {
      building.onResolve({ filter: /^\.\/jobs\/index\.ts$/ }, ({ importer }) =>
        starts.includes(importer) ? { path } : undefined,
      );
    },
  };
}

async function bundle(folder: string, name: string, outdir: string, plugins: Plugin[]): Promise<void> {
  await mkdir(outdir, { recursive: true });
  // Written first: it tells when the sources were read, and what is edited from here on is newer.
  await writePackageFile(folder, outdir);
  await build({
    entryPoints: {
      index: FUNCTION,
      ...(COMPUTING.has(folder) && { compute: COMPUTE_ENTRY, "lease-guard": LEASE_GUARD_ENTRY }),
    },
    plugins: [...plugins, functionModule(name)],
    outdir,
    bundle: true,
    // A handler's heavy libraries live in chunks of their own, loaded when the first job of its type runs.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
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

/** The module that a bundle begins with, which exports the function and nothing else. */
const FUNCTION = "baton:function";

function functionModule(name: string): Plugin {
  return {
    name: "function-module",
    setup(building) {
      building.onResolve({ filter: /^baton:function$/ }, () => ({ path: name, namespace: FUNCTION }));
      building.onLoad({ filter: /.*/, namespace: FUNCTION }, () => ({
        contents: `import "./src/source-stacks.ts";\nexport { ${name} } from "./src/index.ts";`,
        resolveDir: here,
      }));
    },
  };
}

async function writePackageFile(folder: string, outdir: string): Promise<void> {
  const { "@google-cloud/functions-framework": framework, "firebase-functions": sdk } = packageJson.dependencies;
  const deployed = {
    name: `baton-${folder}`,
    private: true,
    type: "module",
    main: "index.js",
    engines: { node: "24" },
    // The platform starts the framework; the Firebase CLI asks the SDK for the triggers. The rest is in the bundle.
    dependencies: { "@google-cloud/functions-framework": framework, "firebase-functions": sdk },
  };
  const root = JSON.parse(await readFile(join(here, "..", "package-lock.json"), "utf8"));
  await writeJson(join(outdir, "package.json"), deployed);
  // Without it the platform installs whatever is newest of what these packages need.
  await writeJson(join(outdir, "package-lock.json"), lockfileOf(deployed, root, "functions"));
}

function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
