import assert from "node:assert/strict";
import { timeBudget } from "../../../engine/src/jobs/run/time-budget.ts";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";

describe("the time of an invocation", () => {
  it("is the handler's but for a tenth, which is at most 30 s", () => {
    assert.equal(timeBudget(fakeClock(), 540_000).workMs, 510_000);
    assert.equal(timeBudget(fakeClock(), 10_000).workMs, 9000);
  });

  it("runs out, and leaves half of the margin for the end whatever is asked for", async () => {
    const clock = fakeClock();
    const budget = timeBudget(clock, 10_000);
    assert.deepEqual([budget.workLeftMs(), budget.graceMs(5000), budget.graceMs(20_000)], [9000, 5000, 9500]);
    await clock.advance(9000);
    assert.deepEqual([budget.workLeftMs(), budget.graceMs(5000)], [0, 500]);
    await clock.advance(1000);
    assert.deepEqual([budget.workLeftMs(), budget.graceMs(5000)], [-1000, 0]);
  });
});
