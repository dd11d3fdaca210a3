import assert from "node:assert/strict";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { contentGenerate } from "../../../functions/src/jobs/content-generate/content-generate.ts";
import type { ContentInput } from "../../../functions/src/jobs/content-generate/schemas.ts";
import { FAILED, GOOD, REFUSED } from "../../support/bad-inputs/content-generate.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

describe("a bad input of content.generate", function () {
  this.timeout(60_000);
  const temporary = ownTemporaryFolder();

  for (const [what, input, where] of REFUSED) {
    it(`is refused: ${what}`, async () => {
      // The table has inputs that do not compile.
      const refused = Promise.resolve().then(() => testJob(contentGenerate(), input as ContentInput));
      await assert.rejects(refused, where);
    });
  }

  for (const [what, input, code, message] of FAILED) {
    it(`fails for good, in the first attempt, and leaves no file: ${what}`, async () => {
      const given = { ...GOOD, formats: ["video" as const, "script" as const], ...input };
      const job = await testJob(contentGenerate(), given, {
        patienceMs: 30_000,
        settings: { GCLOUD_PROJECT: "demo-baton" },
      });
      await job.run();
      assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, code]);
      assert.match(job.error?.message ?? "", message);
      assert.equal(job.files.size, 0);
      assert.deepEqual(await temporary.files(), []);
    });
  }
});
