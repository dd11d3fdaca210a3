import assert from "node:assert/strict";
import { newOwner, traces } from "../support/engine-jobs.ts";
import { REFUSED } from "../support/job-types/refused.ts";

const REFUSALS: Record<(typeof REFUSED)[number], [code: string, message: RegExp]> = {
  "cyclic output": ["invalid-output", /the value at \/given\/self contains itself/],
  "output that its schema refuses": ["invalid-output", /its schema refuses: \/given: is refused/],
  "cyclic output of a step": ["invalid-step-output", /"cyclic" returned .* the value at \/self contains itself/],
  "document with a nested array": ["invalid-document", /the value at \/rows\/0 is an array directly in an array/],
  "update of a document that is not there": ["document-not-found", /updates does not exist/],
};

describe("a job of the local cloud whose handler gives what cannot be stored", () => {
  for (const gives of REFUSED) {
    const [code, message] = REFUSALS[gives];
    it(`fails in its first attempt, and says why: ${gives}`, async () => {
      const { client, reaching, key } = await newOwner();
      const { jobId } = await client.submit("refused.value", { key, gives });
      const job = await reaching(jobId, "failed");
      assert.deepEqual([job.attempt, job.error?.code, traces(key, "runs")], [1, code, 1]);
      assert.match(job.error?.message ?? "", message);
    });
  }
});

describe("a job of the local cloud whose handler gives nothing", () => {
  it("completes in its first attempt with null, where its output is void", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("refused.nothing", { key });
    const job = await reaching(jobId, "completed");
    assert.deepEqual([job.attempt, (await client.result(jobId)).output, traces(key, "runs")], [1, null, 1]);
  });
});
