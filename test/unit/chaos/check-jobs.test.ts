import assert from "node:assert/strict";
import { jobFields } from "../../../engine/src/jobs/firestore/job-documents.ts";
import type { JobResult } from "../../../engine/src/jobs/rules/job.ts";
import { check } from "../../chaos/check.ts";
import { seenJob } from "../../chaos/documents.ts";
import { acceptedIn, brokenIn, jobIn, kept, relive, resultIn, type Spoilable, spoiled } from "./kept.ts";
import { at } from "./lives.ts";

describe("the check of a chaos run", () => {
  it("finds nothing broken where every promise was kept", () => {
    assert.deepEqual(brokenIn(kept()), {});
    assert.equal(check(kept()).length, 27);
  });

  it("finds a lost job", () => {
    const lost = spoiled(({ jobs, results }) => jobs.delete("failing") && results.delete("failing"));
    assert.deepEqual(lost, { "no accepted job is lost": ["failing"] });
  });

  it("finds a job that has not ended", () => {
    const broken = spoiled((evidence) => relive(evidence, "failing", { lines: [["queued", 0, 0]] }));
    assert.deepEqual(broken, { "every accepted job becomes final": ["failing"] });
  });

  it("finds a second job of one key, and a result that has none", () => {
    const promise = "one idempotency key makes one job";
    const second = (evidence: Spoilable) => {
      evidence.jobs.set("second", { ...jobIn(evidence, "failing"), jobId: "second" });
      result(evidence);
    };
    const result = (evidence: Spoilable) => {
      const given = { ...resultIn(evidence, "failing"), jobId: "second", leaseId: "lease-of-second" };
      evidence.results.set("second", given);
    };
    assert.deepEqual(spoiled(second), { [promise]: ["second"] });
    assert.deepEqual(spoiled(result), { [promise]: ["second"] });
  });

  it("finds two submissions that were answered with one job", () => {
    const broken = spoiled((evidence) => evidence.accepted.push(acceptedIn(evidence, "failing")));
    assert.deepEqual(broken, { "one idempotency key makes one job": ["failing"] });
  });

  for (const given of [{ owner: "chaos-42-1" }, { type: "chaos.short" }, { metadata: { key: "key-of-short" } }]) {
    it(`finds a job that has another ${Object.keys(given)} than was submitted`, () => {
      const broken = spoiled((evidence) => {
        Object.assign(jobIn(evidence, "failing"), given);
        Object.assign(resultIn(evidence, "failing"), given);
      });
      assert.deepEqual(broken, { "a job is what was submitted": ["failing"] });
    });
  }

  it("finds a job that lost its ordering key", () => {
    const broken = spoiled((evidence) => delete jobIn(evidence, "ordered-1").orderingKey);
    assert.deepEqual(broken, { "a job is what was submitted": ["ordered-1"] });
  });

  it("finds two final entries in a history, of which none may be followed by the other", () => {
    const broken = spoiled((evidence) =>
      jobIn(evidence, "failing").history.push({ status: "completed", at: at(300), attempt: 2 }),
    );
    assert.deepEqual(broken, {
      "no job becomes final twice": ["failing"],
      "history is a path of the table": ["failing"],
    });
  });

  it("finds a job or a result that was seen to change after its end", () => {
    const broken = { "no job becomes final twice": ["failing"] };
    assert.deepEqual(
      spoiled(({ seen }) => seen.revived.push("failing")),
      broken,
    );
    assert.deepEqual(
      spoiled(({ seen }) => seen.rewritten.push("failing")),
      broken,
    );
  });

  it("finds progress, an attempt, or an owner's slots that were seen to be broken", () => {
    const backwards = spoiled(({ seen }) => seen.backwards.push("failing"));
    assert.deepEqual(backwards, { "progress never goes back within an attempt": ["failing"] });
    const over = "chaos-42-7 had more than 3";
    const overLimit = spoiled(({ seen }) => seen.overLimit.push(over, over));
    assert.deepEqual(overLimit, { "no owner has more active jobs than slots": [over] });
  });

  it("finds a result of a lease that another took over from", () => {
    const promise = "a result is of the lease that finished the job, or of no worker";
    assert.deepEqual(
      spoiled(({ seen }) => seen.late.push("failing")),
      { [promise]: ["failing"] },
    );
  });

  it("finds a missing result", () => {
    const broken = spoiled(({ results }) => results.delete("failing"));
    assert.deepEqual(broken, { "each job has one result, that says the same": ["failing"] });
  });

  const others: Partial<JobResult>[] = [
    { status: "failed" },
    { attempt: 1 },
    { owner: "chaos-42-1" },
    { type: "chaos.short" },
    { metadata: { key: "key-of-short" } },
  ];
  for (const other of others) {
    it(`finds a result with another ${Object.keys(other)} than its job`, () => {
      const broken = spoiled((evidence) => Object.assign(resultIn(evidence, "failing"), other));
      assert.deepEqual(broken, { "each job has one result, that says the same": ["failing"] });
    });
  }

  it("finds a completed job without an output, and a failed one without, or with another, error", () => {
    const promise = "each job has one result, that says the same";
    assert.deepEqual(
      spoiled((evidence) => delete resultIn(evidence, "failing").output),
      { [promise]: ["failing"] },
    );
    const error = { code: "other", message: "Another error." };
    assert.deepEqual(
      spoiled((evidence) => Object.assign(resultIn(evidence, "permanent"), { error })),
      { [promise]: ["permanent"] },
    );
    const none = spoiled((evidence) => {
      delete resultIn(evidence, "permanent").error;
      delete jobIn(evidence, "permanent").error;
    });
    assert.deepEqual(none[promise], ["permanent"]);
  });

  const promise = "a result is of the lease that finished the job, or of no worker";
  it("finds a result that no worker wrote though one was at work", () => {
    assert.deepEqual(
      spoiled((evidence) => delete resultIn(evidence, "failing").leaseId),
      { [promise]: ["failing"] },
    );
  });

  for (const [jobId, leaseId] of [
    ["stepped", "lease-of-short"],
    ["cached-second", "lease"],
    ["cancelled-waiting", "lease"],
  ] as const) {
    it(`finds a result of ${jobId} by ${leaseId}, which never held it`, () => {
      const broken = spoiled((evidence) => Object.assign(resultIn(evidence, jobId), { leaseId }));
      assert.deepEqual(broken, { [promise]: [jobId] });
    });
  }

  it("finds an output under an error that needs no worker", () => {
    const error = { code: "worker-lost", message: "The worker stopped." };
    const broken = spoiled((evidence) => {
      jobIn(evidence, "failing").error = error;
      resultIn(evidence, "failing").error = error;
      delete resultIn(evidence, "failing").leaseId;
    });
    assert.deepEqual(broken, { [promise]: ["failing"] });
  });

  it("finds a shared result of a job that shares none", () => {
    const broken = spoiled((evidence) => delete jobIn(evidence, "cached-second").cache);
    assert.deepEqual(broken, { [promise]: ["cached-second"] });
  });

  const held = [
    { lease: { id: "lease", until: at(0) } },
    { dueAt: at(0) },
    { ticket: 4 },
    { laneTicket: 1 },
    { sharesResultOf: "short" },
    { resumesAttempt: true },
    { cancelBy: at(0) },
  ];
  for (const [leftOver, where] of [
    ...held.map((engine) => [engine, "engine"] as const),
    ...[{ runAt: at(0) }, { waitingFor: "slot" }].map((top) => [top, "top"] as const),
  ]) {
    it(`finds ${Object.keys(leftOver)} left on a job that ended`, () => {
      const broken = spoiled((evidence) => {
        const fields = jobFields(jobIn(evidence, "failing"), where === "engine" ? leftOver : {});
        evidence.jobs.set("failing", seenJob({ ...fields, ...(where === "top" && leftOver) }));
      });
      assert.deepEqual(broken, { "a final job keeps no lease, slot or lane": ["failing"] });
    });
  }

  it("takes the fields of a final job, and its input, for no leftovers", () => {
    const broken = spoiled((evidence) => {
      evidence.jobs.set("failing", seenJob(jobFields(jobIn(evidence, "failing"), { inputJson: "{}" })));
    });
    assert.deepEqual(broken, {});
  });
});
