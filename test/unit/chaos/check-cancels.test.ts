import assert from "node:assert/strict";
import { acceptedIn, spoiled } from "./kept.ts";

describe("the check of a chaos run, of cancelling,", () => {
  const promise = "the answer to a wish to cancel is kept, and nothing else is cancelled";
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

  it("finds a job that was cancelled though nobody asked for it", () => {
    const broken = spoiled((evidence) => delete acceptedIn(evidence, "cancelled-waiting").cancelStatus);
    assert.deepEqual(broken, { [promise]: ["cancelled-waiting"] });
  });

  it("lets a job complete before it stops, or before it is told to", () => {
    assert.deepEqual(answered("short", 202), {});
    assert.deepEqual(answered("short", 409), {});
  });
});
