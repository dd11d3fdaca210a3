import assert from "node:assert/strict";
import { HistoryReason } from "@baton/protocol";
import type { JobView } from "../../../client/src/index.ts";
import { failedAttemptOf, processingMs, reasonText } from "../../../web/src/console/job-waits.ts";
import {
  activityOf as activityWith,
  adviceOf as adviceWith,
  badgeOf,
  stepIndex,
  titleOf,
} from "../../../web/src/console/job-words.ts";

const activityOf = (job: JobView) => activityWith(job, []);
const adviceOf = (code: string) => adviceWith(code, new Map([["known", "Try another one."]]));

type Entry = JobView["history"][number];
const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, seconds)).toISOString();
/** A line of a history; `why` is a reason, or the code of the error that an attempt or the job failed with. */
const line = (status: Entry["status"], seconds: number, attempt: number, why?: string): Entry => ({
  status,
  at: at(seconds),
  attempt,
  ...(why !== undefined && (HistoryReason.safeParse(why).success ? { reason: why } : failedBy(why, status))),
});
const failedBy = (errorCode: string, status: string) =>
  status === "failed" ? { errorCode } : { reason: "attempt-failed", errorCode };

const RAN = [line("queued", 0, 0), line("processing", 2, 1)];

function aJob(last: Entry[], more: Partial<JobView> = {}): JobView {
  const history = [...RAN, ...last];
  return {
    jobId: "j",
    type: "echo",
    owner: "ada",
    queue: "default",
    status: history.at(-1)?.status ?? "queued",
    progress: 0.5,
    attempt: 1,
    maxAttempts: 5,
    tags: [],
    metadata: {},
    createdAt: at(0),
    updatedAt: at(9),
    history,
    ...more,
  };
}

const RUN_AT = "2026-03-02T12:00:00.000Z";
const ERROR = { code: "internal", message: "The service is away." };

describe("what a job that has run before waits for", () => {
  it("says until when a job sleeps, near or far", () => {
    for (const status of ["pending", "queued"]) {
      const job = aJob([line(status, 5, 1, "sleeping")], { runAt: RUN_AT, waitingFor: "time" });
      assert.match(activityOf(job), /^Sleeping until .*2026/);
      assert.equal(badgeOf(job), "Sleeping");
    }
  });

  it("says that it sleeps also after an attempt that failed", () => {
    const job = aJob([line("queued", 3, 1, "internal"), line("processing", 4, 2), line("pending", 5, 2, "sleeping")], {
      attempt: 2,
      runAt: RUN_AT,
      waitingFor: "time",
      error: ERROR,
    });
    assert.match(activityOf(job), /^Sleeping until /);
    assert.equal(failedAttemptOf(job), 1);
  });

  it("says when the next attempt is", () => {
    for (const status of ["pending", "queued"]) {
      const job = aJob([line(status, 5, 1, "internal")], { runAt: RUN_AT, waitingFor: "time", error: ERROR });
      assert.match(activityOf(job), /^Waiting for attempt 2 of 5 at .*2026/);
      assert.equal(badgeOf(job), "Retrying");
    }
  });

  it("names no time once the time has come", () => {
    const woken = line("queued", 60, 1);
    const retry = aJob([line("pending", 5, 1, "internal"), woken], { runAt: RUN_AT, error: ERROR });
    const sleeper = aJob([line("pending", 5, 1, "sleeping"), woken], { runAt: RUN_AT });
    assert.deepEqual(
      [activityOf(retry), activityOf(sleeper)],
      ["Waiting for a worker: attempt 2 of 5", "Waiting for a worker to continue"],
    );
  });

  it("tells a job between two invocations from one that has not run yet", () => {
    const between = aJob([line("queued", 5, 1, "suspended")]);
    const fresh = aJob([], { history: [line("queued", 0, 0)], status: "queued", attempt: 0 });
    assert.deepEqual(
      [activityOf(between), badgeOf(between), activityOf(fresh), badgeOf(fresh)],
      ["Waiting for a worker to continue", "Queued", "Waiting for a worker", "Queued"],
    );
  });

  it("says that a job whose sleep is over waits for its slot", () => {
    const job = aJob([line("pending", 5, 1, "sleeping"), line("pending", 60, 1)], {
      runAt: RUN_AT,
      waitingFor: "slot",
    });
    assert.deepEqual([activityOf(job), badgeOf(job)], ["Waiting for a free slot among your active jobs", "Pending"]);
  });

  it("says that a cancelled job stops, whatever it waited for", () => {
    assert.equal(activityOf(aJob([line("queued", 5, 1, "cleanup")], { cancelRequested: true })), "Stopping");
  });
});

describe("the time a job ran", () => {
  it("counts what it was processing, not its sleeps and waits", () => {
    const history = [
      ...RAN,
      line("pending", 5, 1, "sleeping"),
      line("queued", 3600, 1),
      line("processing", 3601, 1),
      line("completed", 3603, 1),
    ];
    assert.equal(processingMs({ history }, Date.parse(at(9999))), 5000);
  });

  it("stands still while the job waits, and counts on while it runs", () => {
    const now = Date.parse(at(62));
    assert.equal(processingMs({ history: [...RAN, line("queued", 5, 1, "internal")] }, now), 3000);
    assert.equal(processingMs({ history: RAN }, now), 60_000);
    assert.equal(processingMs({ history: [] }, now), 0);
  });

  it("counts what lines stood for that the history no longer holds", () => {
    assert.equal(processingMs({ history: RAN, droppedProcessingMs: 7000 }, Date.parse(at(3))), 8000);
  });

  it("is not negative when this machine's clock is behind", () => {
    assert.equal(processingMs({ history: RAN }, Date.parse(at(0))), 0);
  });
});

describe("a reason in the history", () => {
  it("is a sentence for the engine's own, and names the failed attempt for an error's code", () => {
    const lines = [
      line("pending", 0, 1, "sleeping"),
      line("queued", 0, 2, "internal"),
      line("failed", 0, 2, "internal"),
      line("queued", 0, 0),
    ];
    assert.deepEqual(lines.map(reasonText), ["The job sleeps.", "Attempt 2 failed: internal", "internal", undefined]);
  });

  it("is an error's code also when that is the name of what every object has", () => {
    const error = { code: "constructor", message: "It is not built." };
    const job = aJob([line("queued", 5, 1, "constructor")], { error, runAt: RUN_AT });
    assert.equal(badgeOf(job), "Retrying");
    assert.equal(reasonText(line("queued", 5, 1, "constructor")), "Attempt 1 failed: constructor");
    assert.equal(adviceOf("toString"), adviceOf("unknown"));
    assert.equal(adviceOf("known"), "Try another one.");
  });

  it("names no failed attempt while none has failed", () => {
    assert.equal(failedAttemptOf(aJob([line("completed", 5, 1)])), undefined);
  });
});

describe("the words for a step", () => {
  const words = { label: "A", doing: "Doing" };
  const steps = [
    { ...words, step: "sources", alsoNamed: /^source \d+$/ },
    { ...words, step: "script" },
  ];

  it("are found by its name, and by the names of the durable steps within it", () => {
    assert.deepEqual(
      ["script", "sources", "source 12", "source", undefined].map((name) => stepIndex(steps, name)),
      [1, 0, 0, -1, -1],
    );
  });
});

describe("what a running job does", () => {
  it("is said by the words of its step, which may depend on its name", () => {
    const steps = [
      { step: "fetching", label: "Fetch", doing: "Fetching the pages" },
      { step: "drawing", alsoNamed: /^drawing: /, label: "Draw", doing: (name: string) => `Now ${name}` },
    ];
    const doing = (step?: string) => activityWith(aJob([line("processing", 5, 1)], { ...(step && { step }) }), steps);
    assert.deepEqual(
      [doing("fetching"), doing("drawing: a tree"), doing("of my own"), doing()],
      ["Fetching the pages", "Now drawing: a tree", "of my own", "Starting"],
    );
  });
});

describe("the title of a job", () => {
  it("is its type where the title that it was given is blank", () => {
    const titles = [{}, { title: " " }, { title: " A talk " }].map((metadata) => titleOf(aJob([], { metadata })));
    assert.deepEqual(titles, ["echo", "echo", "A talk"]);
  });
});
