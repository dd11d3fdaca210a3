import assert from "node:assert/strict";
import sinon from "sinon";
import { z } from "zod";
import { defineJob, PermanentError, RetryAfterError } from "../../../engine/src/job-types/define-job.ts";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { sleepUntilReset } from "../../../functions/src/jobs/video-analysis/sleep-until-reset.ts";

const usedUp = (at: string) => new RetryAfterError("youtube-budget-used-up", "Used up.", { at: new Date(at) });

describe("a job whose YouTube quota is used up", () => {
  it("sleeps from reset to reset in one attempt", async () => {
    const work = sinon.stub().resolves("done");
    for (const [call, at] of ["2026-01-02T08:00:00Z", "2026-01-03T08:00:00Z", "2026-01-04T08:00:00Z"].entries()) {
      work.onCall(call).rejects(usedUp(at));
    }
    const type = defineJob({
      ...{ type: "test.quota", input: z.null(), output: z.string(), retry: { maxAttempts: 1 } },
      run: (context) => sleepUntilReset(context, work),
    });
    const job = await testJob(type, null, { startAt: new Date("2026-01-01T20:00:00Z") });
    await job.runOnce();
    assert.deepEqual([job.status, job.waitingFor, job.attempts], ["pending", "time", 1]);
    assert.equal(job.reports.at(-1)?.step, "waiting for the YouTube quota of the next day");
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.errors], ["completed", 1, []]);
    assert.equal(job.elapsedMs, (2 * 24 + 12) * 3_600_000);
  });

  it("fails the attempt after a week of sleeps", async () => {
    const error = usedUp("2026-01-02T08:00:00Z");
    const context = { progress: sinon.fake(), sleep: sinon.fake.resolves(undefined) };
    await assert.rejects(sleepUntilReset(context, sinon.fake.rejects(error)), error);
    assert.deepEqual(
      context.sleep.args.map(([, name]) => name),
      [1, 2, 3, 4, 5, 6, 7].map((n) => `YouTube quota ${n}`),
    );
  });

  it("does not sleep for other errors", async () => {
    const context = { progress: sinon.fake(), sleep: sinon.fake.resolves(undefined) };
    for (const error of [
      new PermanentError("video-not-found", "Gone."),
      new RetryAfterError("youtube-rate-limited", "Slower.", { afterMs: 1000 }),
    ]) {
      await assert.rejects(sleepUntilReset(context, sinon.fake.rejects(error)), error);
    }
    assert.equal(context.sleep.callCount, 0);
  });
});
