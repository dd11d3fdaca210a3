import assert from "node:assert/strict";
import { type JobCommand, transition } from "../../../engine/src/jobs/rules/transitions.ts";
import { aJob } from "../../support/jobs.ts";
import { at, boom, claimBy, failWith, play, T0 } from "./job-commands.ts";

describe("a job that waits, or sleeps", () => {
  it("keeps the place and the turn of a job that is tried again within a minute", () => {
    const job = play(aJob({ ticket: 3, lane: "l", laneTicket: 2 }), [claimBy("a"), failWith("a")]);
    assert.deepEqual([job.status, job.ticket, job.laneTicket, job.dueAt], ["queued", 3, 2, at("00:01:00.000")]);
  });

  it("gives up the place, not the turn, of a job that is tried again later than that", () => {
    const later: JobCommand = { ...boom, retryAt: at("00:01:00.001") };
    const job = play(aJob({ ticket: 3, lane: "l", laneTicket: 2 }), [claimBy("a"), later]);
    assert.deepEqual([job.status, job.waitingFor, job.ticket, job.laneTicket], ["pending", "time", undefined, 2]);
    assert.deepEqual([job.runAt, job.dueAt, job.lease], [at("00:01:00.001"), at("00:01:00.001"), undefined]);
    const early = transition(job, claimBy("b"), at("00:02:00.000"));
    assert.equal(early.outcome === "refused" && early.reason, "not-applicable");
  });

  const cached = { ticket: 3, lane: "l", laneTicket: 2, cache: { key: "k", ttlMs: 60_000 } };

  for (const [when, retryAt] of [
    ["in a second", at("00:00:01.000")],
    ["at once", T0],
  ] as const) {
    it(`lets a cached job that ran without the lead look at the cache before its next attempt, ${when}`, () => {
      const job = play(aJob(cached), [claimBy("a"), { ...boom, retryAt }]);
      assert.deepEqual([job.status, job.waitingFor, job.ticket, job.laneTicket], ["pending", "time", undefined, 2]);
      const answer = transition(play(aJob(cached), [claimBy("a")]), { ...boom, retryAt }, T0);
      assert.deepEqual(answer.outcome === "moved" && answer.effects, [
        { kind: "wake", at: retryAt },
        { kind: "fill-slots" },
      ]);
    });
  }

  it("keeps the place and the lead of a cached job that is tried again within a minute", () => {
    const job = play(aJob({ ...cached, isCacheLeader: true }), [claimBy("a"), failWith("a")]);
    assert.deepEqual([job.status, job.ticket, job.isCacheLeader], ["queued", 3, true]);
  });

  it("keeps the place of a cached job that sleeps shortly without the lead: its run continues", () => {
    const until = at("00:00:30.000");
    const job = play(aJob(cached), [claimBy("a"), { kind: "suspend", leaseId: "a", until }]);
    assert.deepEqual([job.status, job.ticket, job.resumesAttempt], ["queued", 3, true]);
  });

  it("keeps a job that sleeps until its retention after its sleep", () => {
    const job = play(aJob(), [claimBy("a"), { kind: "suspend", leaseId: "a", until: at("12:00:00.000") }]);
    assert.deepEqual(job.expireAt, new Date("2026-01-31T12:00:00.000Z"));
  });

  it("continues a suspended attempt, its progress and its step, without counting another", () => {
    const job = play(aJob({ maxAttempts: 1 }), [
      claimBy("a"),
      { kind: "progress", leaseId: "a", leaseMs: 1, progress: 0.6, step: "half" },
      { kind: "suspend", leaseId: "a" },
    ]);
    assert.deepEqual(
      [job.status, job.resumesAttempt, job.lease, job.dueAt],
      ["queued", true, undefined, at("00:01:00.000")],
    );
    const again = play(job, [claimBy("b")]);
    assert.deepEqual([again.attempt, again.progress, again.step, again.resumesAttempt], [1, 0.6, "half", undefined]);
  });

  it("notes how far a suspended attempt came, and never less than it said before", () => {
    const suspended = (progress: number) =>
      play(aJob(), [
        claimBy("a"),
        { kind: "progress", leaseId: "a", leaseMs: 1, progress: 0.5 },
        { kind: "suspend", leaseId: "a", progress, step: "next" },
      ]);
    assert.deepEqual([suspended(0.7).progress, suspended(0.2).progress], [0.7, 0.5]);
    assert.equal(suspended(0.7).step, "next");
  });

  it("counts the next attempt after one that was suspended, was continued, and lost its worker", () => {
    const resumed = play(aJob(), [claimBy("a"), { kind: "suspend", leaseId: "a" }, claimBy("b")]);
    const job = play(resumed, [claimBy("c")], at("00:01:00.000"));
    assert.deepEqual([job.attempt, job.progress], [2, 0]);
  });

  it("lets a short sleep keep its slot, and a long one wait as pending", () => {
    const asleep = (until: string) =>
      play(aJob({ ticket: 1 }), [claimBy("a"), { kind: "suspend", leaseId: "a", until: at(until) }]);
    assert.deepEqual([asleep("00:01:00.000").status, asleep("00:01:00.000").ticket], ["queued", 1]);
    assert.deepEqual([asleep("00:01:00.001").status, asleep("00:01:00.001").ticket], ["pending", undefined]);
    const woken = transition(asleep("00:01:00.000"), claimBy("b"), at("00:00:59.999"));
    assert.equal(woken.outcome === "refused" && woken.reason, "early");
  });
});
