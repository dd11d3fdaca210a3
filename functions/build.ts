import { join } from "node:path";
import { buildFunctions } from "@baton/engine/build";
import { OUTSIDE_PACKAGES } from "./packages.ts";

const here = import.meta.dirname;

/** Bundles this deployment's functions into `functions/dist`. */
try {
  await buildFunctions({
    entry: join(here, "src", "index.ts"),
    outDir: join(here, "dist"),
    lockfile: join(here, "..", "package-lock.json"),
    packages: OUTSIDE_PACKAGES,
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
