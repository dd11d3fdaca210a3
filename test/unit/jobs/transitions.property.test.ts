import assert from "node:assert/strict";
import fc from "fast-check";
import { isLeading } from "../../../engine/src/jobs/rules/cache-entry.ts";
import type { CleanUp } from "../../../engine/src/jobs/rules/cancellation.ts";
import type { Job, JobResult } from "../../../engine/src/jobs/rules/job.ts";
import { type JobCommand, transition } from "../../../engine/src/jobs/rules/transitions.ts";
import { aJob } from "../../support/jobs.ts";

/** The design's table, section 4, for a job that was accepted: which status may follow which. */
const TABLE: Record<string, string[]> = {
  pending: ["queued", "cancelled"],
  queued: ["processing", "pending", "failed", "cancelled"],
  processing: ["processing", "pending", "queued", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};
const FINAL = ["completed", "failed", "cancelled"];

const leaseId = fc.constantFrom("a", "b", "c");
const start = new Date("2026-01-01T00:00:00.000Z").getTime();
const instant = fc.integer({ min: 0, max: 600_000 }).map((ms) => new Date(start + ms));
const event: fc.Arbitrary<JobCommand> = fc.oneof(
  fc.constant<JobCommand>({ kind: "republish" }),
  fc.constant<JobCommand>({ kind: "cancel" }),
  fc.constant<JobCommand>({ kind: "bury" }),
  fc
    .record(
      { leaseId, until: instant, progress: fc.double({ min: 0, max: 1, noNaN: true }) },
      { requiredKeys: ["leaseId"] },
    )
    .map((given): JobCommand => ({ kind: "suspend", ...given })),
  instant.map((dueAt): JobCommand => ({ kind: "deferPublish", dueAt })),
  leaseId.map((id): JobCommand => ({ kind: "claim", leaseId: id, leaseMs: 30_000 })),
  fc
    .record({ leaseId, progress: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map((given): JobCommand => ({ kind: "progress", leaseMs: 30_000, ...given })),
  leaseId.map((id): JobCommand => ({ kind: "complete", leaseId: id, output: id })),
  fc
    .record({ leaseId, isPermanent: fc.boolean(), retryAt: instant })
    .map((given): JobCommand => ({ kind: "fail", error: { code: "boom", message: "boom" }, ...given })),
  fc
    .record({ leaseId, cleanUp: fc.constantFrom<CleanUp>("done", "failed", "open") })
    .map((given): JobCommand => ({ kind: "stop", ...given })),
);
/** Any events at any times: clocks jump, messages repeat, arrive late, or in another order. */
const story = fc.array(fc.record({ event, now: instant }), { maxLength: 60 });

const job = fc.boolean().map((hasCleanUp) => aJob({ ticket: 1, ...(hasCleanUp && { hasCleanUp: hasCleanUp }) }));

function play(
  job: Job,
  events: { event: JobCommand; now: Date }[],
  watch: (before: Job, after: Job, result?: JobResult) => void,
): Job {
  return events.reduce((before, { event, now }) => {
    const answer = transition(before, event, now);
    if (answer.outcome === "moved") watch(before, answer.job, answer.result);
    return answer.job;
  }, job);
}

describe("any sequence of events", () => {
  it("leaves a history that is a path of the table", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        const { history } = play(begun, events, () => undefined);
        history.slice(1).forEach((entry, i) => {
          assert.ok(
            TABLE[history[i]?.status ?? ""]?.includes(entry.status),
            `${history[i]?.status} -> ${entry.status}`,
          );
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("gives at most one result, with the final status, and never one without the other", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        const results: JobResult[] = [];
        const end = play(begun, events, (_, after, result) => {
          assert.equal(result?.status, FINAL.includes(after.status) ? after.status : undefined);
          if (result) results.push(result);
        });
        assert.equal(results.length, FINAL.includes(end.status) ? 1 : 0);
      }),
      { numRuns: 1000 },
    );
  });

  it("completes a job only by the lease it has", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        play(begun, events, (before, after, result) => {
          if (after.status === "completed") assert.equal(result?.output, before.lease?.id);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("never counts more attempts than the maximum, and leaves none out", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        const end = play(begun, events, () => undefined);
        assert.ok(end.attempt <= 3);
        const attempts = end.history.filter(({ status }) => status === "processing").map(({ attempt }) => attempt);
        // Those that continued an attempt have its number.
        assert.deepEqual(
          [...new Set(attempts)],
          Array.from({ length: end.attempt }, (_, i) => i + 1),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("lets a job lead equal ones only while it is with a worker, or on its way to one", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        play({ ...begun, isCacheLeader: true, cache: { key: "k", ttlMs: 1000 } }, events, (_, after) => {
          if (after.isCacheLeader) assert.ok(isLeading(after) || FINAL.includes(after.status), after.waitingFor);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("never lets progress go back within an attempt", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        play(begun, events, (before, after) => {
          if (after.attempt === before.attempt) assert.ok(after.progress >= before.progress);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves every job that has not ended a time for a second look, and none that has", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        const end = play(begun, events, () => undefined);
        assert.equal(end.dueAt === undefined, FINAL.includes(end.status));
      }),
      { numRuns: 1000 },
    );
  });

  it("brings a job to its end once a worker keeps claiming and nothing else goes wrong", () => {
    fc.assert(
      fc.property(job, story, (begun, events) => {
        let job = play(begun, events, () => undefined);
        // What waits for its time is moved on by another rule.
        if (job.waitingFor === "time") job = { ...job, waitingFor: "unpublished" };
        for (let hour = 1; hour <= 4 && !FINAL.includes(job.status); hour++) {
          const now = new Date(start + hour * 3_600_000);
          job = play(
            job,
            [
              { event: { kind: "claim", leaseId: "z", leaseMs: 1 }, now },
              { event: { kind: "complete", leaseId: "z", output: "z" }, now },
            ],
            () => undefined,
          );
        }
        assert.ok(FINAL.includes(job.status), job.status);
      }),
      { numRuns: 1000 },
    );
  });
});
