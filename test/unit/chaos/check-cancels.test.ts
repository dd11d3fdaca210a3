import assert from "node:assert/strict";
import type { JobError } from "@baton/protocol";
import { acceptedIn, add, type Spoilable, spoiled } from "./kept.ts";

describe("the check of a chaos run, of cancelling,", () => {
  const promise = "the answer to a cancel request is true, and no other job is cancelled";
  const answered = (jobId: string, cancelStatus: number) =>
    spoiled((evidence) => Object.assign(acceptedIn(evidence, jobId), { cancelStatus }));

  it("finds a job that completed after it was called cancelled", () => {
    assert.deepEqual(answered("short", 200), { [promise]: ["short"] });
  });

  it("finds a job that failed after it was told to stop", () => {
    assert.deepEqual(answered("permanent", 202), { [promise]: ["permanent"] });
  });

  it("finds a job that was cancelled after it was called final, or unknown", () => {
    assert.deepEqual(answered("cancelled-waiting", 409), { [promise]: ["cancelled-waiting"] });
    assert.deepEqual(answered("cancelled-waiting", 404), { [promise]: ["cancelled-waiting"] });
  });

  it("finds a cancelled job that no request had cancelled", () => {
    const broken = spoiled((evidence) => delete acceptedIn(evidence, "cancelled-waiting").cancelStatus);
    assert.deepEqual(broken, { [promise]: ["cancelled-waiting"] });
  });

  it("lets a job complete before it stops, or before the cancel reaches it", () => {
    assert.deepEqual(answered("short", 202), {});
    assert.deepEqual(answered("short", 409), {});
  });
});

describe("the check of a chaos run, of cleaning up,", () => {
  const promise = "a clean-up runs exactly when a cancelled job had begun, or the result says why not";
  const result = (evidence: Spoilable, error?: JobError) => {
    const [job, known] = [evidence.jobs.get("cleaned-up"), evidence.results.get("cleaned-up")];
    assert.ok(job && known);
    Object.assign(job, { error });
    Object.assign(known, { error });
  };
  const notRun = { code: "cleanup-not-run", message: "No worker reported in time." };

  it("finds a job that was cancelled without its clean-up, and without a word of it", () => {
    assert.deepEqual(
      spoiled((evidence) => evidence.cleanUps.clear()),
      { [promise]: ["cleaned-up"] },
    );
  });

  it("takes a result for an answer that says why not", () => {
    const spoil = (evidence: Spoilable) => {
      evidence.cleanUps.clear();
      result(evidence, notRun);
    };
    assert.deepEqual(spoiled(spoil), {});
  });

  it("finds a clean-up of a job that never ran", () => {
    const spoil = (evidence: Spoilable) => {
      add(evidence, "never-ran", {
        kind: "waiting",
        lines: [
          ["queued", 0, 0],
          ["cancelled", 10, 0],
        ],
        accepted: { cancelStatus: 200 },
      });
      evidence.cleanUps.set("never-ran", 1);
    };
    assert.deepEqual(spoiled(spoil), { [promise]: ["never-ran"] });
  });
});
