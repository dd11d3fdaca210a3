import assert from "node:assert/strict";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { pipelineRun } from "../../../functions/src/jobs/pipeline-run/pipeline-run.ts";
import type { PipelineInput } from "../../../functions/src/jobs/pipeline-run/schemas.ts";
import { FAILED, REFUSED } from "../../support/bad-inputs/pipeline-run.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { aPipeline, SMALL } from "./a-pipeline.ts";

describe("a bad input of pipeline.run", function () {
  this.timeout(60_000);
  const temporary = ownTemporaryFolder();

  for (const [what, input, where] of REFUSED) {
    it(`is refused: ${what}`, async () => {
      // The table has inputs that do not compile.
      const refused = Promise.resolve().then(() => testJob(pipelineRun(), input as PipelineInput));
      await assert.rejects(refused, where);
    });
  }

  for (const [what, input, code, message] of FAILED) {
    it(`fails for good, in the first attempt, and leaves no file: ${what}`, async () => {
      const job = await aPipeline(SMALL, input);
      await job.run();
      assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, code]);
      assert.match(job.error?.message ?? "", message);
      assert.equal(job.files.size, 0);
      assert.deepEqual(await temporary.files(), []);
    });
  }
});
