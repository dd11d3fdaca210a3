import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import packageJson from "./package.json" with { type: "json" };

/**
 * Bundles each function by itself into `functions/dist/<name>/`, a folder that deploys as it is: `index.js` holds only
 * what this function uses (cold start is a feature), and `package.json` names what the platform needs beside it.
 */
const FUNCTIONS = ["api", "worker", "notify", "sweep"];
const here = dirname(fileURLToPath(import.meta.url));

/** What CommonJS packages expect to find around them, inside an ES module. */
const COMMONJS_BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { dirname as __dirnameOf } from "node:path";',
  'import { fileURLToPath as __fileOf } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileOf(import.meta.url);",
  "const __dirname = __dirnameOf(__filename);",
].join("\n");

/** Built apart and moved into place, so that nobody starts from half a bundle, and a failed build leaves the last one. */
const building = join(here, `dist.${process.pid}`);
try {
  await Promise.all(FUNCTIONS.map(bundle));
  await rm(join(here, "dist"), { recursive: true, force: true });
  await rename(building, join(here, "dist"));
} finally {
  await rm(building, { recursive: true, force: true });
}

async function bundle(name: string): Promise<void> {
  const outdir = join(building, name);
  await mkdir(outdir, { recursive: true });
  await build({
    stdin: { contents: `export { ${name} } from "./src/index.ts";`, resolveDir: here, sourcefile: `${name}.ts` },
    entryNames: "index",
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
    banner: { js: COMMONJS_BANNER },
    logLevel: "warning",
  });
  const { "@google-cloud/functions-framework": framework, "firebase-functions": sdk } = packageJson.dependencies;
  const deployed = {
    name: `baton-${name}`,
    private: true,
    type: "module",
    main: "index.js",
    engines: { node: "24" },
    // The platform starts the framework; the Firebase CLI asks the SDK for the triggers. The rest is in the bundle.
    dependencies: { "@google-cloud/functions-framework": framework, "firebase-functions": sdk },
  };
  await writeFile(join(outdir, "package.json"), `${JSON.stringify(deployed, null, 2)}\n`);
}
