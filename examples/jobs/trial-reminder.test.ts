import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { trialReminder } from "./trial-reminder.ts";

describe("trialReminder", () => {
  it("writes on the first day, on the fourth, and when the trial ends", async () => {
    const texts: string[] = [];
    const type = trialReminder(async (_to, text) => void texts.push(text));
    const input = { email: "ada@example.com", endsAt: "2026-01-15T09:00:00Z" };
    const job = await testJob(type, input, { startAt: new Date("2026-01-01T09:00:00Z") });
    await job.runOnce();
    assert.deepEqual([texts.length, job.status, job.waitingFor], [1, "pending", "time"]);
    await job.runOnce();
    assert.deepEqual([texts.length, job.elapsedMs], [2, 259_200_000]);
    await job.run();
    assert.deepEqual(texts, ["Your trial has begun.", "Three things to try.", "Your trial ends today."]);
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["completed", 1, 1_209_600_000]);
  });

  it("does not write twice when the last mail fails at first", async () => {
    const type = trialReminder(async () => undefined);
    const job = await testJob(type, { email: "ada@example.com", endsAt: "2026-01-15T00:00:00Z" });
    job.failStep("end", new Error("the mail server is away"));
    await job.run();
    assert.deepEqual([job.step("welcome").runs, job.step("tips").runs, job.step("end").runs], [1, 1, 1]);
  });
});
