import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunctions } from "../../engine/build/build.ts";
import { OUTSIDE_PACKAGES } from "../../functions/packages.ts";
import { buildCodebases, REPOSITORY } from "../../local/builds.ts";

/** Below `functions/`, so that the bundle finds the packages it names; ignored as every `dist.*` is. */
const OUT_DIR = join(REPOSITORY, "functions", "dist.test");
const ENTRY = fileURLToPath(new URL("job-types/index.ts", import.meta.url));

/**
 * The functions with the test job types beside the deployed ones, built when they are older than their sources. Answers
 * their folder.
 */
export async function buildTestBundles(): Promise<string[]> {
  await buildCodebases("test-functions", [OUT_DIR], ["test/support/job-types/**/*"], () =>
    buildFunctions({
      entry: ENTRY,
      outDir: OUT_DIR,
      lockfile: join(REPOSITORY, "package-lock.json"),
      packages: OUTSIDE_PACKAGES,
    }),
  );
  return [OUT_DIR];
}
