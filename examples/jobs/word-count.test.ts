import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { wordCount } from "./word-count.ts";

describe("word.count", () => {
  it("counts words", async () => {
    const job = await testJob(wordCount, { text: " one two\nthree " });
    await job.run();
    assert.deepEqual([job.status, job.output], ["completed", { words: 3 }]);
  });
});
