import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { greeting } from "./greeting.ts";

describe("greeting", () => {
  it("greets in English unless asked otherwise", async () => {
    const job = await testJob(greeting, { name: "Ada" });
    await job.run();
    assert.equal(job.status, "completed");
    assert.deepEqual(job.output, { text: "Hello, Ada!" });
    assert.deepEqual(job.reports, [{ progress: 0.5, step: "choosing words" }]);
  });

  it("takes no empty name", async () => {
    await assert.rejects(testJob(greeting, { name: "" }), /The job was not accepted/);
  });
});
