import assert from "node:assert/strict";
import { accept, newJob, type Submission } from "../../../engine/src/jobs/rules/submission.ts";
import { newUsage } from "../../../engine/src/jobs/rules/usage.ts";
import { aJob, aSubmission, limits } from "../../support/jobs.ts";

const at = (time: string) => new Date(`2026-01-01T${time}Z`);
const T0 = at("00:00:00.000");

function accepted(given: Partial<Submission> = {}, around = {}) {
  const answer = accept(aSubmission({ owner: "ann", ...given }), around, T0);
  assert.ok(answer.outcome === "accepted", answer.outcome);
  return answer;
}

describe("accepting a submission", () => {
  it("puts a job that waits for nothing into the queue, with the first place", () => {
    const { job, usage, result, quotas } = accepted({ limits: limits({ activeJobs: 4, jobsPerMinute: 9 }) });
    assert.deepEqual([job.status, job.waitingFor, job.ticket, job.concurrencyLimit], ["queued", undefined, 1, 4]);
    assert.deepEqual([job.queuedAt, job.dueAt], [T0, at("00:01:00.000")]);
    assert.deepEqual(job.history, [{ status: "queued", at: T0, attempt: 0 }]);
    assert.deepEqual(
      [usage?.minute.jobs, usage?.slotQueue, result, quotas.minute.remaining],
      [1, { last: 1, base: 0 }, undefined, 8],
    );
  });

  it("lets a job wait for its time, counted, without a place", () => {
    const { job, usage } = accepted({ runAt: at("09:00:00.000") });
    assert.deepEqual([job.status, job.waitingFor, job.ticket], ["pending", "time", undefined]);
    assert.deepEqual([job.dueAt, job.queuedAt], [at("09:00:00.000"), undefined]);
    assert.deepEqual(job.history, [{ status: "pending", at: T0, attempt: 0, reason: "waiting-for-time" }]);
    assert.deepEqual([usage?.day.jobs, usage?.slotQueue], [1, { last: 0, base: 0 }]);
  });

  it("takes a time that has passed for now", () => {
    const { job } = accepted({ runAt: new Date("2025-12-31T23:59:59.999Z") });
    assert.deepEqual([job.status, job.runAt], ["queued", undefined]);
  });

  it("keeps a delayed job until its retention after its time", () => {
    const delayed = newJob(aSubmission({ limits: limits({ retentionDays: 2 }), runAt: at("12:00:00.000") }), T0);
    assert.deepEqual(delayed.expireAt, new Date("2026-01-03T12:00:00.000Z"));
    assert.deepEqual(
      newJob(aSubmission({ limits: limits({ retentionDays: 2 }) }), T0).expireAt,
      new Date("2026-01-03T00:00:00.000Z"),
    );
  });

  it("lets a job wait for a slot when the owner's are taken", () => {
    const usage = { ...newUsage("ann", T0), slotQueue: { last: 5, base: 3 } };
    const { job, usage: after } = accepted({ limits: limits({ activeJobs: 2 }) }, { usage, ticketsAhead: 2 });
    assert.deepEqual([job.status, job.waitingFor, job.ticket, job.dueAt], ["pending", "slot", 6, at("00:01:00.000")]);
    assert.deepEqual(after?.slotQueue, { last: 6, base: 3 });
  });

  it("queues a job when a count finds a slot free", () => {
    const usage = { ...newUsage("ann", T0), slotQueue: { last: 5, base: 3 } };
    const { job, usage: after } = accepted({ limits: limits({ activeJobs: 2 }) }, { usage, ticketsAhead: 1 });
    assert.deepEqual([job.status, job.ticket, after?.slotQueue], ["queued", 6, { last: 6, base: 4 }]);
  });

  it("notes on a job that its owner has webhook endpoints", () => {
    const usage = { ...newUsage("ann", T0), endpoints: 1 };
    const { job, usage: after } = accepted({}, { usage });
    assert.deepEqual([job.hasEndpoints, after?.endpoints], [true, 1]);
    assert.equal("hasEndpoints" in accepted({}, { usage: { ...usage, endpoints: 0 } }).job, false);
    assert.equal("hasEndpoints" in accepted().job, false);
  });

  it("refuses what is over the quota, and changes nothing", () => {
    const usage = { ...newUsage("ann", T0), minute: { startsAt: T0, jobs: 3 } };
    const answer = accept(aSubmission({ limits: limits({ jobsPerMinute: 3 }) }), { usage }, at("00:00:12.000"));
    assert.deepEqual(
      [answer.outcome, answer.outcome === "limited" && [answer.quota, answer.until, answer.quotas.minute]],
      ["limited", ["minute", at("00:01:00.000"), { limit: 3, remaining: 0, resetMs: 48_000 }]],
    );
  });

  it("answers an equal request with the job it made before, even over the quota", () => {
    const hashes = { type: "1", input: "2" };
    const existing = aJob({ status: "failed", requestHashes: hashes });
    const usage = { ...newUsage("ann", T0), minute: { startsAt: T0, jobs: 3 } };
    const request = aSubmission({ requestHashes: hashes, limits: limits({ jobsPerMinute: 3 }) });
    assert.deepEqual(accept(request, { existing: { job: existing }, usage }, T0), {
      outcome: "replayed",
      job: existing,
    });
  });

  it("names every part that differs from the request that came with the key before", () => {
    const existing = aJob({ requestHashes: { type: "1", input: "2", runAt: "3" } });
    const request = aSubmission({ requestHashes: { type: "1", input: "4", tags: "5" } });
    const answer = accept(request, { existing: { job: existing } }, T0);
    assert.deepEqual(answer.outcome === "conflict" && answer.differs, ["input", "runAt", "tags"]);
  });

  const [one, other] = ["https://example.com/1", "https://example.com/2"];
  for (const [kept, hasWebhookUrl, asked, differs] of [
    [one, true, one, []],
    [one, true, other, ["webhookUrl"]],
    [one, true, undefined, ["webhookUrl"]],
    [undefined, undefined, one, ["webhookUrl"]],
    // The URL expired a little before its job.
    [undefined, true, one, []],
    [undefined, true, undefined, ["webhookUrl"]],
  ] as const) {
    it(`compares the webhook URL ${asked} with ${kept ?? (hasWebhookUrl ? "one that is gone" : "none")}`, () => {
      const job = aJob({ ...(hasWebhookUrl && { hasWebhookUrl }) });
      const request = aSubmission({ ...(asked && { webhookUrl: asked }) });
      const answer = accept(request, { existing: { job, ...(kept && { webhookUrl: kept }) } }, T0);
      assert.deepEqual(answer.outcome === "conflict" ? answer.differs : answer.outcome === "replayed" && [], differs);
    });
  }
});
