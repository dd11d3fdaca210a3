import assert from "node:assert/strict";
import { Timestamp } from "firebase/firestore";
import { BatonError, isFinal, jobOfDocument, resultOfDocument } from "../../../client/src/index.ts";

const at = Timestamp.fromDate(new Date("2026-01-02T03:04:05.678Z"));
const JOB = {
  type: "video.analysis",
  owner: "ada",
  queue: "default",
  status: "processing",
  progress: 0.4,
  step: "sentiment",
  attempt: 1,
  maxAttempts: 5,
  shard: 3,
  lease: { id: "secret-lease", until: at },
  tags: ["a"],
  metadata: { title: "T" },
  createdAt: at,
  updatedAt: at,
  expireAt: at,
  history: [{ status: "queued", at, attempt: 0 }],
};
const RESULT = {
  type: "video.analysis",
  owner: "ada",
  status: "completed",
  attempt: 1,
  durationMs: 12,
  createdAt: at,
  shard: 3,
  tags: [],
};

describe("jobOfDocument", () => {
  it("gives instants as ISO text, the id of the document, and nothing of the engine's own", () => {
    assert.deepEqual(jobOfDocument("job-1", JOB), {
      jobId: "job-1",
      type: "video.analysis",
      owner: "ada",
      queue: "default",
      status: "processing",
      progress: 0.4,
      step: "sentiment",
      attempt: 1,
      maxAttempts: 5,
      tags: ["a"],
      metadata: { title: "T" },
      createdAt: "2026-01-02T03:04:05.678Z",
      updatedAt: "2026-01-02T03:04:05.678Z",
      history: [{ status: "queued", at: "2026-01-02T03:04:05.678Z", attempt: 0 }],
    });
  });

  it("knows what a pending job waits for, its time and its ordering key, and whose result it shares", () => {
    const waiting = {
      status: "pending",
      waitingFor: "time",
      runAt: at,
      orderingKey: "k",
      engine: { ticket: 7, concurrencyLimit: 5 },
    };
    const { waitingFor, runAt, orderingKey, ...job } = jobOfDocument("job-1", { ...JOB, ...waiting });
    assert.deepEqual([waitingFor, runAt, orderingKey], ["time", "2026-01-02T03:04:05.678Z", "k"]);
    assert.deepEqual("engine" in job, false);
    assert.equal(jobOfDocument("job-1", { ...JOB, status: "completed", cached: true }).cached, true);
  });

  it("passes on the values of a newer server", () => {
    const newer = { status: "paused", waitingFor: "approval", history: [{ status: "paused", at, attempt: 1 }] };
    const { status, waitingFor, history } = jobOfDocument("job-1", { ...JOB, ...newer });
    assert.deepEqual([status, waitingFor, history[0]?.status], ["paused", "approval", "paused"]);
  });

  for (const [what, change] of [
    ["a status that is a number", { status: 5 }],
    ["an instant that is a number", { createdAt: 5 }],
    ["progress beyond 1", { progress: 2 }],
    ["a history line that is null", { history: [null] }],
    ["no owner", { owner: undefined }],
  ] as const) {
    it(`calls a document with ${what} malformed`, () => {
      assert.throws(() => jobOfDocument("job-1", { ...JOB, ...change }), isMalformed("batonJobs/job-1"));
    });
  }
});

describe("isFinal", () => {
  it("is true for the statuses that a job never leaves", () => {
    const statuses = ["pending", "queued", "processing", "completed", "failed", "cancelled"] as const;
    assert.deepEqual(
      statuses.filter((status) => isFinal({ status })),
      ["completed", "failed", "cancelled"],
    );
  });
});

describe("isFinal of a status that only a newer server knows", () => {
  it("is true once the job has finishedAt", () => {
    assert.equal(isFinal({ status: "paused" }), false);
    assert.equal(isFinal({ status: "expired", finishedAt: "2026-01-02T03:04:05.678Z" }), true);
  });
});

describe("resultOfDocument", () => {
  it("gives a stored output as it is", () => {
    const result = resultOfDocument("job-1", { ...RESULT, output: { counts: [1, 2] } });
    assert.deepEqual(result.output, { counts: [1, 2] });
    assert.equal(result.createdAt, "2026-01-02T03:04:05.678Z");
    assert.equal(result.jobId, "job-1");
  });

  it("says when an output is that of an equal job", () => {
    assert.equal(resultOfDocument("job-1", { ...RESULT, output: 1, cached: true }).cached, true);
  });

  it("gives an output stored as text as the value it stands for", () => {
    const result = resultOfDocument("job-1", { ...RESULT, outputJson: '{"matrix":[[1],[2]]}' });
    assert.deepEqual(result.output, { matrix: [[1], [2]] });
  });

  it("gives the error of a failed job", () => {
    const error = { code: "c", message: "m" };
    assert.deepEqual(resultOfDocument("job-1", { ...RESULT, status: "failed", error }).error, error);
  });

  it("calls a text that is not JSON malformed", () => {
    assert.throws(() => resultOfDocument("job-1", { ...RESULT, outputJson: "{" }), isMalformed("batonResults/job-1"));
  });

  it("gives the status of a newer server as it is", () => {
    assert.equal(resultOfDocument("job-1", { ...RESULT, status: "expired" }).status, "expired");
    assert.throws(() => resultOfDocument("job-1", { ...RESULT, status: 5 }), isMalformed("batonResults/job-1"));
  });
});

function isMalformed(path: string): (error: unknown) => boolean {
  return (error) => error instanceof BatonError && error.code === "malformed-document" && error.detail.includes(path);
}
