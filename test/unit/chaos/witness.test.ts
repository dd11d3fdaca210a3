import assert from "node:assert/strict";
import type { Job, JobResult, ProcessingJob, QueuedJob } from "../../../engine/src/jobs/rules/job.ts";
import { createWitness, type Seen } from "../../chaos/witness.ts";
import { aJob, type GivenJob } from "../../support/jobs.ts";
import { jobIn, kept, resultIn } from "./kept.ts";
import { at } from "./lives.ts";

const NOTHING: Seen = { revived: [], backwards: [], overLimit: [], rewritten: [], late: [], stale: [] };
const SLOTS = new Map([
  ["alice", 2],
  ["bob", 1],
]);

const there = <T>(document: T) => ({ document, isGone: false });
const gone = <T>(document: T) => ({ document, isGone: true });

/** The evidence of snapshots that each change one job. */
function seenOf(...jobs: Job[]): Seen {
  const witness = createWitness(SLOTS);
  for (const job of jobs) witness.showJobs([there(job)]);
  return witness.seen;
}

const job = (given: GivenJob) => aJob({ jobId: "job", ...given });
const failing = jobIn(kept(), "failing");
assert.ok(failing.status === "completed");
const completed = { ...failing, jobId: "job" };

describe("a witness of jobs", () => {
  it("has nothing to say of a job on its way to its end", () => {
    const failed = job({ status: "processing", attempt: 1, progress: 0.7, ticket: 1 });
    const again = job({ status: "processing", attempt: 2, progress: 0, ticket: 1 });
    assert.deepEqual(seenOf(job({}), failed, again, completed, completed), NOTHING);
  });

  it("sees a job leave its end", () => {
    assert.deepEqual(seenOf(completed, job({ attempt: completed.attempt, history: completed.history })).revived, [
      "job",
    ]);
  });

  for (const given of [
    { finishedAt: at(900) },
    { attempt: 3 },
    { history: [...completed.history, ...completed.history] },
  ]) {
    it(`sees a job end again with another ${Object.keys(given)}`, () => {
      assert.deepEqual(seenOf(completed, { ...completed, ...given }), { ...NOTHING, revived: ["job"] });
    });
  }

  it("sees progress go back within an attempt", () => {
    const [half, less] = [job({ attempt: 1, progress: 0.5 }), job({ attempt: 1, progress: 0.4 })];
    assert.deepEqual(seenOf(half, less), { ...NOTHING, backwards: ["job"] });
  });

  it("sees attempts go back", () => {
    const [second, first] = [job({ attempt: 2 }), job({ attempt: 1, progress: 1 })];
    assert.deepEqual(seenOf(second, first), { ...NOTHING, backwards: ["job"] });
  });

  it("sees a lease end a job that another lease has taken over", () => {
    const held = (id: string) => job({ status: "processing", lease: { id, until: at(900) } });
    const endedBy = (leaseId: string) => {
      const witness = createWitness(SLOTS);
      for (const one of [held("first"), held("second"), held("second")]) witness.showJobs([there(one)]);
      witness.showResults([there({ ...resultIn(kept(), "failing"), jobId: "job", leaseId })]);
      return witness.seen;
    };
    assert.deepEqual([endedBy("first"), endedBy("second")], [{ ...NOTHING, late: ["job"] }, NOTHING]);
  });

  it("sees a lease come back that another one had followed", () => {
    const held = (id: string) => job({ status: "processing", attempt: 1, lease: { id, until: at(900) } });
    assert.deepEqual(seenOf(held("first"), held("first"), held("second"), held("second")), NOTHING);
    assert.deepEqual(seenOf(held("first"), held("second"), held("first")), { ...NOTHING, stale: ["job"] });
  });

  it("sees the step of another attempt", () => {
    const showing = (step: string) => job({ status: "processing", attempt: 2, step });
    assert.deepEqual(seenOf(showing("attempt 2, work 5"), showing("work 1")), NOTHING);
    assert.deepEqual(seenOf(showing("attempt 2, work 5"), showing("attempt 1, work 6")), {
      ...NOTHING,
      stale: ["job"],
    });
  });

  it("keeps jobs as they were last shown", () => {
    const witness = createWitness(SLOTS);
    witness.showJobs([there(job({})), there(job({ jobId: "other" }))]);
    witness.showJobs([there(completed)]);
    assert.deepEqual([...witness.jobs.keys()], ["job", "other"]);
    assert.deepEqual(witness.jobs.get("job"), completed);
  });

  it("forgets a job that is gone, but not what it was when it comes back", () => {
    const witness = createWitness(SLOTS);
    witness.showJobs([there(completed)]);
    witness.showJobs([gone(completed)]);
    assert.deepEqual([...witness.jobs.keys()], []);
    assert.deepEqual(witness.seen, NOTHING);
    witness.showJobs([there(job({}))]);
    assert.deepEqual(witness.seen.revived, ["job"]);
  });
});

describe("a witness of slots", () => {
  /** The evidence of one moment with these jobs. */
  function overLimit(...jobs: Job[]): string[] {
    const witness = createWitness(SLOTS);
    witness.showInFlight(jobs);
    return witness.seen.overLimit;
  }
  const queued = (given: Partial<QueuedJob> = {}) => aJob({ ticket: 1, ...given });
  const running = (given: Partial<ProcessingJob> = {}) => aJob({ ticket: 1, ...given, status: "processing" });

  it("lets an owner have as many jobs in flight as slots, beside those that wait or have ended", () => {
    assert.deepEqual(
      overLimit(queued(), running(), aJob({ status: "pending", ticket: 1 }), aJob({ status: "completed" })),
      [],
    );
  });

  it("sees one more, whatever the jobs themselves say of their slots", () => {
    assert.deepEqual(
      overLimit(queued({ concurrencyLimit: 9 }), queued({ concurrencyLimit: 9 }), running({ concurrencyLimit: 9 })),
      ["alice had more than 2"],
    );
  });

  it("counts each owner's jobs apart", () => {
    assert.deepEqual(overLimit(queued(), queued(), queued({ owner: "bob" })), []);
    assert.deepEqual(overLimit(queued(), queued({ owner: "bob" }), queued({ owner: "bob" })), ["bob had more than 1"]);
  });

  it("counts a job in flight that took no place, unless it is called to clean up", () => {
    const { ticket: _, ...without } = aJob({ jobId: "without" });
    const witness = createWitness(SLOTS);
    const others = [aJob({ jobId: "one" }), aJob({ jobId: "two" })];
    witness.showInFlight([...others, { ...without, cancelRequested: true }]);
    assert.deepEqual(witness.seen.overLimit, []);
    witness.showInFlight([...others, without]);
    assert.deepEqual(witness.seen.overLimit, ["alice had more than 2"]);
  });

  it("counts a job that cleans up with its slot, and none that was cancelled while it waited for one", () => {
    const cleanUpAfter = (status: "pending" | "processing") =>
      queued({
        cancelRequested: true,
        history: [
          { status, at: at(0), attempt: 1 },
          { status: "queued", at: at(1), attempt: 1, reason: "cleanup" },
        ],
      });
    assert.deepEqual(overLimit(queued(), queued(), cleanUpAfter("pending")), []);
    assert.deepEqual(overLimit(queued(), queued(), cleanUpAfter("processing")), ["alice had more than 2"]);
  });
});

describe("a witness of results", () => {
  const result = resultIn(kept(), "short");
  const seen = (...results: JobResult[]) => {
    const witness = createWitness(SLOTS);
    for (const one of results) witness.showResults([there(one)]);
    return witness.seen;
  };

  it("lets the note of its notification go", () => {
    assert.deepEqual(seen({ ...result, dueAt: at(0) }, result), NOTHING);
  });

  for (const given of [{ output: { n: 8 } }, { leaseId: "other" }, { attempt: 2 }, { createdAt: at(900) }]) {
    it(`sees another ${Object.keys(given)} come in its place`, () => {
      assert.deepEqual(seen(result, { ...result, ...given }), { ...NOTHING, rewritten: ["short"] });
    });
  }

  it("forgets one that is gone, but not what it was when it comes back", () => {
    const witness = createWitness(SLOTS);
    witness.showResults([there(result)]);
    witness.showResults([gone(result)]);
    assert.deepEqual([...witness.results.keys()], []);
    witness.showResults([there({ ...result, leaseId: "other" })]);
    assert.deepEqual(witness.seen.rewritten, ["short"]);
    assert.deepEqual([...witness.results.keys()], ["short"]);
  });
});
