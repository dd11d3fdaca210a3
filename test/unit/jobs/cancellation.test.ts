import assert from "node:assert/strict";
import type { CleanUp } from "../../../engine/src/jobs/rules/cancellation.ts";
import { type JobCommand, transition } from "../../../engine/src/jobs/rules/transitions.ts";
import { aJob } from "../../support/jobs.ts";
import { at, claimBy, failWith, play, T0 } from "./job-commands.ts";

describe("a cancelled job", () => {
  it("renews no lease beyond the instant by which a cancelled job has to stop", () => {
    const asked = play(aJob(), [claimBy("a"), { kind: "cancel" }]);
    assert.equal(asked.cancelBy?.toISOString(), "2026-01-01T00:00:30.000Z");
    const report: JobCommand = { kind: "progress", leaseId: "a", leaseMs: 60_000, progress: 0.1 };
    assert.deepEqual(play(asked, [report], at("00:00:10.000")).lease?.until, at("00:00:30.000"));
    assert.deepEqual(play(asked, [{ kind: "cancel" }], at("00:00:10.000")).cancelBy, at("00:00:30.000"));
  });

  it("ends a cancelled job without its worker when that takes too long, and says that it was not cleaned up", () => {
    const asked = play(aJob({ hasCleanUp: true }), [claimBy("a"), { kind: "cancel" }]);
    const renewed = play(asked, [{ kind: "progress", leaseId: "a", leaseMs: 60_000, progress: 0 }], at("00:00:02.000"));
    const early = transition(renewed, { kind: "republish" }, at("00:00:29.999"));
    assert.equal(early.outcome === "refused" && early.reason, "early");
    const ended = transition(renewed, { kind: "republish" }, at("00:00:30.000"));
    assert.ok(ended.outcome === "moved");
    assert.deepEqual([ended.job.status, ended.result?.error?.code], ["cancelled", "cleanup-not-run"]);
  });

  it("cuts the lease of a running job at a cancel, once, so that a dead worker does not keep it", () => {
    const events: JobCommand[] = [claimBy("a"), { kind: "cancel" }];
    const asked = transition(play(aJob({ hasCleanUp: true }), [claimBy("a")]), { kind: "cancel" }, T0);
    assert.ok(asked.outcome === "moved");
    assert.deepEqual([asked.job.lease?.until, asked.job.dueAt], [at("00:00:10.000"), at("00:00:10.000")]);
    assert.deepEqual(asked.effects, [
      { kind: "wake", at: at("00:00:10.000") },
      { kind: "wake", at: at("00:00:30.000") },
    ]);
    const renewal: JobCommand = { kind: "progress", leaseId: "a", leaseMs: 60_000, progress: 0 };
    const renewed = play(asked.job, [renewal], at("00:00:02.000"));
    const again = transition(renewed, { kind: "cancel" }, at("00:00:05.000"));
    assert.deepEqual(again.job, renewed);
    assert.deepEqual(again.outcome === "moved" && again.effects, []);
    const dead = play(aJob({ hasCleanUp: true }), events);
    assert.equal(play(dead, [claimBy("b")], at("00:00:10.000")).lease?.id, "b");
  });

  it("has its files deleted once it is cancelled, if it has run; no other job has", () => {
    const asksFor = (job: Parameters<typeof aJob>[0], command: JobCommand) => {
      const answer = transition(aJob(job), command, T0);
      return answer.outcome === "moved" && answer.effects.some(({ kind }) => kind === "delete-files");
    };
    const lease = { id: "a", until: at("00:01:00.000") };
    const running = { status: "processing", attempt: 1, lease } as const;
    assert.equal(asksFor({ ...running, cancelRequested: true }, { kind: "stop", leaseId: "a", cleanUp: "done" }), true);
    assert.equal(asksFor({ status: "queued", attempt: 1 }, { kind: "cancel" }), true);
    assert.equal(asksFor({ status: "queued", attempt: 0 }, { kind: "cancel" }), false);
    assert.equal(asksFor(running, { kind: "cancel" }), false);
    assert.equal(asksFor(running, { kind: "complete", leaseId: "a", output: null }), false);
  });

  it("leaves a lease that ends before that as it is", () => {
    const short: JobCommand = { kind: "claim", leaseId: "a", leaseMs: 4000 };
    assert.deepEqual(play(aJob(), [short, { kind: "cancel" }]).lease?.until, at("00:00:04.000"));
  });

  it("frees a job that is to clean up from the equal job that it waited for", () => {
    const waits = { status: "pending", waitingFor: "result", sharesResultOf: "leader", attempt: 1 } as const;
    const cancelled = play(aJob({ ...waits, hasCleanUp: true }), [{ kind: "cancel" }]);
    assert.deepEqual(
      [cancelled.status, cancelled.waitingFor, cancelled.sharesResultOf],
      ["queued", undefined, undefined],
    );
  });

  it("calls another worker at once when the one of a cancelled job is gone, or ends it", () => {
    const lease = { id: "gone", until: T0 };
    const dead = (hasCleanUp: boolean) =>
      aJob({ status: "processing", attempt: 1, lease, ...(hasCleanUp && { hasCleanUp: hasCleanUp }) });
    const called = transition(dead(true), { kind: "cancel" }, T0);
    assert.ok(called.outcome === "moved");
    assert.deepEqual([called.job.status, called.job.dueAt], ["processing", at("00:00:30.000")]);
    assert.deepEqual(called.effects, [{ kind: "publish" }, { kind: "wake", at: at("00:00:30.000") }]);
    assert.equal(play(dead(false), [{ kind: "cancel" }]).status, "cancelled");
  });

  const stop = (leaseId: string, cleanUp: CleanUp): JobCommand => ({ kind: "stop", leaseId, cleanUp });

  it("calls a worker to clean up after a cancelled attempt, in that attempt", () => {
    const asked = play(aJob({ hasCleanUp: true, ticket: 1 }), [claimBy("a"), { kind: "cancel" }]);
    const stopped = play(asked, [failWith("a")]);
    assert.deepEqual([stopped.status, stopped.history.at(-1)?.reason, stopped.ticket], ["queued", "cleanup", 1]);
    assert.deepEqual(stopped.dueAt, at("00:00:30.000"));
    const cleaning = play(stopped, [claimBy("b")], at("00:00:05.000"));
    assert.deepEqual(cleaning.history.at(-1), {
      status: "processing",
      at: at("00:00:05.000"),
      attempt: 1,
      reason: "cleanup",
    });
    assert.deepEqual(cleaning.lease?.until, at("00:00:30.000"));
    const cleaned = play(cleaning, [stop("b", "done")], at("00:00:06.000"));
    assert.deepEqual([cleaned.status, cleaned.error], ["cancelled", undefined]);
    for (const late of [
      play(stopped, [claimBy("b")], at("00:00:30.000")),
      play(cleaning, [claimBy("c")], at("00:00:30.000")),
    ]) {
      assert.deepEqual([late.status, late.error?.code], ["cancelled", "cleanup-not-run"]);
    }
  });

  it("calls a worker to clean up when the attempt is suspended before it learns of the cancel", () => {
    for (const until of [{}, { until: at("01:00:00.000") }]) {
      const asked = play(aJob({ hasCleanUp: true }), [claimBy("a"), { kind: "cancel" }]);
      const suspended = play(asked, [{ kind: "suspend", leaseId: "a", ...until }]);
      assert.deepEqual([suspended.status, suspended.history.at(-1)?.reason], ["queued", "cleanup"]);
      assert.deepEqual([suspended.runAt, suspended.dueAt], [undefined, at("00:00:30.000")]);
    }
  });

  it("says that a clean-up failed", () => {
    const asked = play(aJob({ hasCleanUp: true }), [claimBy("a"), { kind: "cancel" }]);
    const answer = transition(asked, stop("a", "failed"), T0);
    assert.equal(answer.outcome === "moved" && answer.result?.error?.code, "cleanup-failed");
  });

  it("calls for a clean-up three times at most, at growing distances", () => {
    let job = play(aJob({ hasCleanUp: true }), [claimBy("a"), { kind: "cancel" }, stop("a", "open")]);
    const pauses: (Date | undefined)[] = [job.runAt];
    for (const [leaseId, time] of [
      ["b", "00:00:01.000"],
      ["c", "00:00:03.000"],
    ] as const) {
      job = play(job, [claimBy(leaseId), stop(leaseId, "open")], at(time));
      pauses.push(job.runAt);
    }
    assert.deepEqual(pauses, [undefined, at("00:00:02.000"), at("00:00:05.000")]);
    job = play(job, [claimBy("d"), stop("d", "open")], at("00:00:06.000"));
    assert.deepEqual([job.status, job.error?.code, job.cleanUps], ["cancelled", "cleanup-not-run", undefined]);
  });

  it("takes no stop of a job that was not cancelled", () => {
    const answer = transition(play(aJob(), [claimBy("a")]), stop("a", "done"), T0);
    assert.equal(answer.outcome === "refused" && answer.reason, "not-applicable");
  });

  it("ends a job that never ran at once when it is cancelled, whatever its type has to clean up", () => {
    for (const waitingFor of ["time", "result", "lane", "slot", "unpublished"] as const) {
      const job = play(aJob({ status: "pending", waitingFor, hasCleanUp: true }), [{ kind: "cancel" }]);
      assert.equal(job.status, "cancelled");
    }
  });

  it("calls for the clean-up of a sleeping job beside the slots", () => {
    const asleep = play(aJob({ hasCleanUp: true, ticket: 1 }), [
      claimBy("a"),
      { kind: "suspend", leaseId: "a", until: at("01:00:00.000") },
    ]);
    const called = play(asleep, [{ kind: "cancel" }]);
    assert.deepEqual(
      [called.status, called.runAt, called.ticket, called.dueAt],
      ["queued", undefined, undefined, at("00:00:30.000")],
    );
  });
});
