import assert from "node:assert/strict";
import type { Job } from "../../../engine/src/jobs/rules/job.ts";
import { type JobCommand, transition } from "../../../engine/src/jobs/rules/transitions.ts";
import { aJob } from "../../support/jobs.ts";
import { at, claimBy, failWith, play, T0 } from "./job-commands.ts";

describe("a job's transitions", () => {
  it("accepts a job as queued, with a second look a minute later", () => {
    const job = aJob();
    assert.equal(job.status, "queued");
    assert.deepEqual(job.dueAt, at("00:01:00.000"));
    assert.deepEqual(job.history, [{ status: "queued", at: T0, attempt: 0 }]);
  });

  it("gives a claimant attempt 1 and a lease", () => {
    const job = play(aJob(), [claimBy("a")]);
    assert.equal(job.status, "processing");
    assert.equal(job.attempt, 1);
    assert.deepEqual(job.lease, { id: "a", until: at("00:01:00.000") });
    assert.deepEqual(job.dueAt, at("00:01:00.000"));
  });

  it("gives no reason for a claim of a queued job", () => {
    const claimed = { status: "processing", at: T0, attempt: 1 };
    assert.deepEqual(play(aJob(), [claimBy("a")]).history.at(-1), claimed);
    const resumed = play(aJob(), [claimBy("a"), { kind: "suspend", leaseId: "a" }, claimBy("b")]);
    assert.deepEqual(resumed.history.at(-1), claimed);
  });

  it("refuses a second claimant while the lease lasts", () => {
    const answer = transition(play(aJob(), [claimBy("a")]), claimBy("b"), at("00:00:59.999"));
    assert.equal(answer.outcome === "refused" && answer.reason, "leased");
  });

  it("gives the job to a second claimant once the lease has ended, as attempt 2", () => {
    const job = play(play(aJob(), [claimBy("a")]), [claimBy("b")], at("00:01:00.000"));
    assert.equal(job.attempt, 2);
    assert.equal(job.lease?.id, "b");
    assert.deepEqual(job.history.at(-1), {
      status: "processing",
      at: at("00:01:00.000"),
      attempt: 2,
      reason: "lease-expired",
    });
  });

  it("refuses everything a worker says after another one has the lease", () => {
    const job = play(play(aJob(), [claimBy("a")]), [claimBy("b")], at("00:02:00.000"));
    const late: JobCommand[] = [
      { kind: "progress", leaseId: "a", leaseMs: 60_000, progress: 0.9 },
      { kind: "complete", leaseId: "a", output: "late" },
      failWith("a"),
    ];
    for (const event of late) {
      const answer = transition(job, event, at("00:02:01.000"));
      assert.equal(answer.outcome === "refused" && answer.reason, "lease-lost", event.kind);
    }
  });

  it("lets a worker whose lease has expired finish, unless another worker has claimed the job", () => {
    const answer = transition(
      play(aJob(), [claimBy("a")]),
      { kind: "complete", leaseId: "a", output: 1 },
      at("01:00:00.000"),
    );
    assert.equal(answer.outcome === "moved" && answer.job.status, "completed");
  });

  it("gives three more attempts in place of those whose worker was lost, and keeps the rest for failures", () => {
    let job = play(aJob(), [claimBy("a")]);
    const counts: unknown[] = [];
    for (let minute = 1; minute <= 4; minute++) {
      job = play(job, [claimBy(`${minute}`)], at(`00:0${minute}:00.000`));
      counts.push([job.attempt, job.maxAttempts, job.lostLeases]);
    }
    assert.deepEqual(counts, [
      [2, 4, 1],
      [3, 5, 2],
      [4, 6, 3],
      [5, 6, 3],
    ]);
  });

  it("begins work that may be tried once no second time", () => {
    const job = play(aJob({ maxAttempts: 1 }), [claimBy("a")]);
    const answer = transition(job, claimBy("b"), at("00:01:00.000"));
    assert.equal(answer.outcome === "moved" && answer.result?.error?.code, "worker-lost");
  });

  it("fails a job whose worker was lost on the last attempt", () => {
    const lost = aJob({
      status: "processing",
      attempt: 6,
      maxAttempts: 6,
      lostLeases: 3,
      lease: { id: "c", until: T0 },
    });
    const answer = transition(lost, claimBy("d"), at("00:00:01.000"));
    assert.equal(answer.outcome, "moved");
    assert.equal(answer.job.status, "failed");
    assert.equal(answer.outcome === "moved" && answer.result?.error?.code, "worker-lost");
  });

  it("renews the lease with progress, and never lets progress go back", () => {
    const events = [0.6, 0.4].map(
      (progress): JobCommand => ({ kind: "progress", leaseId: "a", leaseMs: 60_000, progress }),
    );
    const job = play(play(aJob(), [claimBy("a")]), events, at("00:00:30.000"));
    assert.equal(job.progress, 0.6);
    assert.deepEqual(job.lease?.until, at("00:01:30.000"));
  });

  it("keeps the step when a report names none", () => {
    const job = play(aJob(), [
      claimBy("a"),
      { kind: "progress", leaseId: "a", leaseMs: 60_000, progress: 0.2, step: "fetching" },
      { kind: "progress", leaseId: "a", leaseMs: 60_000, progress: 0.3 },
    ]);
    assert.equal(job.step, "fetching");
  });

  it("completes with a result that carries the output and the time since submission", () => {
    const claimed = play(aJob({ hasWebhookUrl: true }), [claimBy("a")]);
    const answer = transition(claimed, { kind: "complete", leaseId: "a", output: { n: 1 } }, at("00:00:02.500"));
    assert.ok(answer.outcome === "moved" && answer.result);
    assert.deepEqual(
      [answer.job.status, answer.job.progress, answer.job.lease, answer.job.dueAt, answer.job.finishedAt],
      ["completed", 1, undefined, undefined, at("00:00:02.500")],
    );
    assert.deepEqual(answer.result.output, { n: 1 });
    assert.equal(answer.result.durationMs, 2500);
    assert.equal(answer.result.hasWebhookUrl, true);
  });

  it("queues a failed attempt again, not to run before its backoff ends", () => {
    const job = play(aJob(), [claimBy("a"), failWith("a")]);
    assert.equal(job.status, "queued");
    assert.deepEqual(job.error, { code: "boom", message: "It broke." });
    const early = transition(job, claimBy("b"), at("00:00:59.999"));
    assert.equal(early.outcome === "refused" && early.reason, "early");
    assert.equal(play(job, [claimBy("b")], at("00:01:00.000")).attempt, 2);
  });

  it("starts the progress of another attempt at 0", () => {
    const job = play(aJob(), [
      claimBy("a"),
      { kind: "progress", leaseId: "a", leaseMs: 1, progress: 0.9, step: "x" },
      failWith("a"),
    ]);
    const again = play(job, [claimBy("b")], at("00:01:00.000"));
    assert.deepEqual([again.progress, again.step], [0, undefined]);
  });

  it("fails for good on a permanent error", () => {
    const job = play(aJob(), [claimBy("a"), failWith("a", true)]);
    assert.deepEqual([job.status, job.attempt], ["failed", 1]);
  });

  it("fails for good when no attempts are left", () => {
    const job = play(aJob({ maxAttempts: 1 }), [claimBy("a"), failWith("a")]);
    assert.equal(job.status, "failed");
  });

  it("does not keep the error of an earlier attempt on a job that completed", () => {
    const retried = play(play(aJob(), [claimBy("a"), failWith("a")]), [claimBy("b")], at("00:02:00.000"));
    const job = play(retried, [{ kind: "complete", leaseId: "b", output: null }]);
    assert.equal(job.error, undefined);
  });

  it("cancels a waiting job at once, with a result", () => {
    const answer = transition(aJob(), { kind: "cancel" }, T0);
    assert.ok(answer.outcome === "moved");
    assert.deepEqual([answer.job.status, answer.result?.status], ["cancelled", "cancelled"]);
  });

  it("asks a running job to stop, and cancels it when its handler has stopped", () => {
    const asked = play(aJob(), [claimBy("a"), { kind: "cancel" }]);
    assert.deepEqual([asked.status, asked.cancelRequested], ["processing", true]);
    assert.equal(play(asked, [failWith("a")]).status, "cancelled");
  });

  it("cancels a running job whose worker was lost after the request", () => {
    const asked = play(aJob(), [claimBy("a"), { kind: "cancel" }]);
    assert.equal(play(asked, [claimBy("b")], at("00:02:00.000")).status, "cancelled");
  });

  it("keeps the outcome of a handler that finished in spite of a cancel", () => {
    const asked = play(aJob(), [claimBy("a"), { kind: "cancel" }]);
    assert.equal(play(asked, [{ kind: "complete", leaseId: "a", output: 1 }]).status, "completed");
  });

  it("holds a job whose message could not be published, and queues it when it was", () => {
    const held = play(aJob(), [{ kind: "deferPublish", dueAt: at("00:00:30.000") }]);
    assert.deepEqual([held.status, held.dueAt], ["pending", at("00:00:30.000")]);
    const queued = play(held, [{ kind: "republish" }], at("00:00:30.000"));
    assert.deepEqual([queued.status, queued.dueAt], ["queued", at("00:01:30.000")]);
  });

  it("does not look again before it is due", () => {
    const answer = transition(aJob(), { kind: "republish" }, at("00:00:59.999"));
    assert.equal(answer.outcome === "refused" && answer.reason, "early");
  });

  it("looks at a waiting job at growing distances, up to an hour", () => {
    const looks = ["00:01:00.000", "00:05:00.000", "12:00:00.000"].map((time) => {
      const job = play(aJob(), [{ kind: "republish" }], at(time));
      return [job.status, job.dueAt, job.history.length];
    });
    assert.deepEqual(looks, [
      ["queued", at("00:02:00.000"), 1],
      ["queued", at("00:10:00.000"), 1],
      ["queued", at("13:00:00.000"), 1],
    ]);
  });

  it("leaves a job whose worker is gone to the next claim", () => {
    const job = play(play(aJob(), [claimBy("a")]), [{ kind: "republish" }], at("00:01:00.000"));
    assert.deepEqual([job.status, job.lease?.id, job.attempt], ["processing", "a", 1]);
    assert.equal(play(job, [claimBy("b")], at("00:01:01.000")).attempt, 2);
  });

  it("does not hold a job that a worker already has", () => {
    const answer = transition(play(aJob(), [claimBy("a")]), { kind: "deferPublish", dueAt: T0 }, T0);
    assert.equal(answer.outcome === "refused" && answer.reason, "not-applicable");
  });

  it("takes a held job through the queue when its message arrives after all", () => {
    const held = play(aJob({ ticket: 2 }), [{ kind: "deferPublish", dueAt: at("00:00:30.000") }]);
    assert.deepEqual([held.waitingFor, held.ticket], ["unpublished", 2]);
    const job = play(held, [claimBy("a")], at("00:00:10.000"));
    assert.deepEqual([job.waitingFor, job.ticket, job.attempt], [undefined, 2, 1]);
    assert.deepEqual(
      job.history.map((entry) => entry.status),
      ["queued", "pending", "queued", "processing"],
    );
  });

  it("takes a repeated claim by the same lease for the first one", () => {
    const claimed = play(aJob(), [claimBy("a")]);
    assert.equal(play(claimed, [claimBy("a")], at("00:00:10.000")), claimed);
  });

  it("buries a job that no worker holds", () => {
    const answer = transition(aJob(), { kind: "bury" }, T0);
    assert.ok(answer.outcome === "moved");
    assert.deepEqual(
      [answer.job.status, answer.result?.error?.code, answer.result?.leaseId],
      ["failed", "undeliverable", undefined],
    );
    const lost = play(play(aJob(), [claimBy("a")]), [{ kind: "bury" }], at("00:01:00.000"));
    assert.equal(lost.status, "failed");
  });

  it("buries a job that nothing has happened to since its message was published", () => {
    const bury = (publishedAt: string): JobCommand => ({ kind: "bury", publishedAt: at(publishedAt) });
    const woken = play(aJob(), [claimBy("a"), failWith("a")]);
    for (const [job, publishedAt] of [
      // The message of its backoff's end, which was over at 00:01.
      [woken, "00:01:00.100"],
      [aJob(), "00:00:00.100"],
    ] as const) {
      assert.equal(play(job, [bury(publishedAt)], at("16:00:00.000")).error?.code, "undeliverable");
    }
  });

  it("does not bury a job that moved after the message was published that was given up", () => {
    const bury: JobCommand = { kind: "bury", publishedAt: at("00:00:00.100") };
    const claimed = play(aJob(), [claimBy("a")], at("00:00:01.000"));
    const jobs = [
      // Its worker is gone, it slept and is to be claimed just now, and it is suspended for a moment.
      claimed,
      play(claimed, [{ kind: "suspend", leaseId: "a", until: at("00:00:30.000") }], at("00:00:01.500")),
      play(claimed, [{ kind: "suspend", leaseId: "a" }], at("00:00:01.500")),
    ];
    for (const job of jobs) {
      const answer = transition(job, bury, at("16:00:00.000"));
      assert.equal(answer.outcome === "refused" && answer.reason, "not-applicable", job.status);
    }
  });

  it("does not bury a job that waits, or that a worker holds", () => {
    const jobs = [
      aJob({ status: "pending", waitingFor: "lane" }),
      play(aJob(), [claimBy("a")]),
      play(aJob(), [claimBy("a"), failWith("a")]),
    ];
    for (const job of jobs) {
      const answer = transition(job, { kind: "bury" }, at("00:00:59.999"));
      assert.equal(answer.outcome === "refused" && answer.reason, "not-applicable", job.status);
    }
  });

  it("says which lease ended a job, and nothing when none did", () => {
    const ends: [JobCommand, string | undefined][] = [
      [{ kind: "complete", leaseId: "a", output: 1 }, "a"],
      [failWith("a", true), "a"],
      [{ kind: "bury" }, undefined],
    ];
    for (const [event, leaseId] of ends) {
      const answer = transition(play(aJob(), [claimBy("a")]), event, at("00:01:00.000"));
      assert.equal(answer.outcome === "moved" && answer.result?.leaseId, leaseId, event.kind);
    }
  });

  it("keeps the first line of a long history, and the last 59", () => {
    let job: Job = aJob();
    for (let i = 0; i < 50; i++) job = play(job, [claimBy(`${i}`), { kind: "suspend", leaseId: `${i}` }]);
    assert.equal(job.history.length, 60);
    assert.deepEqual(job.history[0], { status: "queued", at: T0, attempt: 0 });
    assert.deepEqual(job.history.at(-1), { status: "queued", at: T0, attempt: 1, reason: "suspended" });
  });

  for (const status of ["completed", "failed", "cancelled"] as const) {
    it(`refuses every event on a ${status} job`, () => {
      const events: JobCommand[] = [
        { kind: "republish" },
        claimBy("a"),
        { kind: "complete", leaseId: "a", output: 1 },
        failWith("a"),
        { kind: "cancel" },
      ];
      for (const event of events) {
        const answer = transition(aJob({ status }), event, T0);
        assert.equal(answer.outcome === "refused" && answer.reason, "final", event.kind);
      }
    });
  }
});
