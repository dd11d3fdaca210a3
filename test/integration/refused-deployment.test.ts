import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach } from "mocha";
import { buildFunctions } from "../../engine/build/build.ts";
import { readManifest } from "../../local/manifest/read-manifest.ts";
import { LocalCloudError } from "../../local/problem.ts";

const FUNCTIONS = join(import.meta.dirname, "../../functions");

/** A deployment, as an author may have written it. */
const deploymentOf = (jobs: string) => `
import { z } from "zod";
import { createBaton, defineJob } from ${JSON.stringify(join(FUNCTIONS, "../engine/src/index.ts"))};
const job = (type, input, more) => defineJob({ type, input, output: z.null(), run: async () => null, ...more });
export const baton = createBaton({ jobs: [${jobs}] });
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
  [
    "a queue that nothing declares",
    'job("slow", z.null(), { queue: "heavy" })',
    /job type "slow": there is no queue "heavy"\. There are: "default"\. Add it to createBaton's queues\./,
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
      const [entry, outDir] = [join(folder, "index.mjs"), join(folder, "built")];
      await writeFile(entry, deploymentOf(types));
      await buildFunctions({ entry, outDir, lockfile: join(FUNCTIONS, "../package-lock.json") });
      const refused = (error: unknown) => error instanceof LocalCloudError && message.test(error.message);
      await assert.rejects(readManifest({ folder: outDir, projectId: "demo-refused" }), refused);
    });
  }
});
