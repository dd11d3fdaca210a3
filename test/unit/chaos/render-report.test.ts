import assert from "node:assert/strict";
import { renderReport } from "../../chaos/render-report.ts";
import type { ChaosReport } from "../../chaos/report.ts";

const REPORT: ChaosReport = {
  seed: 42,
  jobs: 3,
  subscriptions: "eventarc",
  messages: { delivered: 9, failed: 4, expired: 1, deadLettered: 0 },
  statuses: { completed: 2, failed: 1 },
  kinds: { short: { completed: 2 }, crashing: { failed: 1 } },
  errors: { "worker-lost": 1 },
  slowest: [],
  checks: [
    { promise: "no accepted job is lost", broken: [] },
    { promise: "every accepted job becomes final", broken: [] },
  ],
  faults: {
    seed: 42,
    duplicated: 5,
    reordered: 0,
    delayed: 0,
    droppedTriggers: 2,
    failedBefore: 0,
    failedAfter: 0,
    cut: 0,
    lostMessages: 0,
    kills: { worker: 2 },
    freezes: 0,
    firestorePauses: 0,
    pubsubRestarts: 0,
  },
  counts: {
    lateWritersRefused: 1,
    duplicatesSuppressed: 4,
    sweepRuns: 6,
    sweepRepairs: 3,
    failedAttempts: 2,
    unpublished: 0,
    errors: 0,
    repeatedRequests: 1,
    webhooks: 2,
    repeatedWebhooks: 1,
  },
  submittingMs: 1250,
  calmMs: 60_040,
};

const REST = `
Faults with seed 42: duplicated 5, dropped triggers 2, worker killed 2
Messages, by Eventarc's defaults: delivered 9, failed 4, expired 1, dead lettered 0
Ends: completed 2, failed 1
  short: completed 2
  crashing: failed 1
Failures: worker-lost 1
Counts: late writers refused 1, duplicates suppressed 4, sweep runs 6, sweep repairs 3, failed attempts 2, unpublished 0, errors 0, repeated requests 1, webhooks 2, repeated webhooks 1
Submitting took 1.3 s; calm came 60.0 s after the last fault`;

describe("the report of a chaos run", () => {
  it("says that every promise was kept", () => {
    const expected = `3 jobs, seed 42: every promise was kept

  ✔ no accepted job is lost
  ✔ every accepted job becomes final
${REST}`;
    assert.equal(renderReport(REPORT), expected);
  });

  it("names up to five of what broke a promise", () => {
    const checks = [
      { promise: "no accepted job is lost", broken: ["a"] },
      { promise: "every accepted job becomes final", broken: [] },
      { promise: "no job becomes final twice", broken: ["a", "b", "c", "d", "e"] },
      { promise: "a step takes effect once", broken: ["a", "b", "c", "d", "e", "f", "g"] },
    ];
    const expected = `3 jobs, seed 42: 3 promises were BROKEN

  ✘ no accepted job is lost: 1 (a)
  ✔ every accepted job becomes final
  ✘ no job becomes final twice: 5 (a, b, c, d, e)
  ✘ a step takes effect once: 7 (a, b, c, d, e, ...)
${REST}`;
    assert.equal(renderReport({ ...REPORT, checks }), expected);
  });
});
