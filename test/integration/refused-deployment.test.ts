import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach } from "mocha";
import { buildFunctions } from "../../functions/build.ts";
import { readManifest } from "../../local/manifest.ts";
import { LocalCloudError } from "../../local/problem.ts";

const FUNCTIONS = join(import.meta.dirname, "../../functions");

/** A registry of the deployment's job types, as an author may have written it. */
const registryOf = (types: string) => `
import { z } from "zod";
import { defineJob } from ${JSON.stringify(join(FUNCTIONS, "src/jobs/define-job.ts"))};
import { byName } from ${JSON.stringify(join(FUNCTIONS, "src/jobs/job-registry.ts"))};
const job = (type, input) => defineJob({ type, input, output: z.null(), run: async () => null });
export const jobTypes = () => byName([${types}]);
`;

const REFUSED: [what: string, types: string, message: RegExp][] = [
  [
    "two job types of one name",
    'job("twin", z.string()), job("twin", z.int())',
    /There are two job types named "twin"\. Rename one of them\./,
  ],
  [
    "a schema that JSON cannot pass",
    'job("dated", z.object({ at: z.date() }))',
    /job type "dated": its input schema cannot work, because the value at \/at is a Date, which JSON lacks\./,
  ],
];

describe("a deployment that cannot work", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(async () => {
    // Below `functions/`, so that the bundles find the packages they name.
    folder = await mkdtemp(join(FUNCTIONS, "dist.refused-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const [what, types, message] of REFUSED) {
    it(`is refused when the CLI, or npm start, looks at it: ${what}`, async () => {
      const [jobTypes, outDir] = [join(folder, "job-types.mjs"), join(folder, "built")];
      await writeFile(jobTypes, registryOf(types));
      await buildFunctions({ outDir, jobTypes });
      for (const name of ["api", "worker", "worker-heavy"]) {
        const refused = (error: unknown) => error instanceof LocalCloudError && message.test(error.message);
        await assert.rejects(readManifest(join(outDir, name), "demo-refused"), refused, name);
      }
      const [sweep] = await readManifest(join(outDir, "sweep"), "demo-refused");
      assert.equal(sweep?.name, "sweep");
    });
  }
});
