import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunctions } from "../../functions/build.ts";
import { buildCodebases, deployedCodebases, REPOSITORY } from "../../local/builds.ts";

/** Below `functions/`, so that the bundles find the packages they name; ignored as every `dist.*` is. */
const OUT_DIR = join(REPOSITORY, "functions", "dist.test");
const JOB_TYPES = fileURLToPath(new URL("job-types/index.ts", import.meta.url));

/**
 * The deployed functions, built with the test job types beside their own, when they are older than their sources; all
 * other code is the same. Answers their folders, in the order of `firebase.json`.
 */
export async function buildTestBundles(): Promise<string[]> {
  const codebases = (await deployedCodebases()).map((folder) => join(OUT_DIR, basename(folder)));
  await buildCodebases("test-functions", codebases, ["test/support/job-types/**/*"], () =>
    buildFunctions({ outDir: OUT_DIR, jobTypes: JOB_TYPES }),
  );
  return codebases;
}
