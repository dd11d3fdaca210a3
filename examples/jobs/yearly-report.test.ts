import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { yearlyReport } from "./yearly-report.ts";

describe("yearlyReport", () => {
  it("takes longer than one invocation may, and does every month once", async () => {
    const job = await testJob(
      yearlyReport(async () => 100),
      { year: 2025 },
    );
    for (let month = 1; month <= 12; month++) job.takes(`month ${month}`, 200_000);
    await job.run();
    assert.deepEqual([job.status, job.output], ["completed", { total: 1200 }]);
    assert.deepEqual([job.attempts, job.invocations, job.elapsedMs], [1, 6, 2_400_000]);
    assert.equal(job.step("month 12").runs, 1);
    assert.deepEqual(job.reports.at(-1), { progress: 1, step: "month 12" });
  });

  it("tries a month again that did not end in its time", async () => {
    const job = await testJob(
      yearlyReport(async () => 100),
      { year: 2025 },
    );
    job.runOutOfTimeIn("month 1");
    await job.runOnce();
    assert.equal(job.error?.code, "step-timeout");
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["completed", 2]);
  });
});
