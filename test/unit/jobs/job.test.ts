import assert from "node:assert/strict";
import { jobFields, jobFrom } from "../../../engine/src/jobs/firestore/job-documents.ts";
import type { Job } from "../../../engine/src/jobs/rules/job.ts";
import { aJob } from "../../support/jobs.ts";
import { T0 } from "./job-commands.ts";

describe("a job of one status", () => {
  it("does not compile with a field of another status, or without one of its own", () => {
    const { lease: _, ...unleased } = aJob({ status: "processing" });
    const illegal: Job[] = [
      // @ts-expect-error A final job has no lease.
      { ...aJob({ status: "processing" }), status: "completed", finishedAt: T0 },
      // @ts-expect-error A queued job waits for a worker only.
      { ...aJob({ status: "pending" }), status: "queued", queuedAt: T0 },
      // @ts-expect-error A pending job waits for something.
      { ...aJob(), status: "pending" },
      // @ts-expect-error A processing job has a lease.
      unleased,
    ];
    assert.equal(illegal.length, 4);
  });
});

describe("the document of a job", () => {
  const jobs = [
    aJob({ status: "pending", waitingFor: "result", sharesResultOf: "leader", laneTicket: 1 }),
    aJob({ runAt: T0, resumesAttempt: true, ticket: 3 }),
    aJob({ status: "processing", attempt: 1, cancelRequested: true, cancelBy: T0, cleanUps: 1 }),
    aJob({ status: "cancelled", attempt: 1, cancelRequested: true }),
  ];

  for (const job of jobs) {
    it(`gives a ${job.status} job back as it was`, () => assert.deepEqual(jobFrom(jobFields(job)), job));
  }

  it("gives no field of another status back", () => {
    const done = aJob({ status: "completed" });
    assert.deepEqual(jobFrom({ ...jobFields(done, { ticket: 1, dueAt: T0 }), waitingFor: "slot" }), done);
  });

  it("is refused when it lacks what every job of its status has", () => {
    const { waitingFor: _, ...pending } = jobFields(aJob({ status: "pending" }));
    assert.throws(() => jobFrom(pending), { name: "ZodError" });
  });
});
