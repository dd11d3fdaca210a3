import assert from "node:assert/strict";
import { jobReport } from "./job-report.ts";

const facts = { jobId: "AAAAAAAAAAAAAAAAAAAA", type: "greeting", owner: "ada", attempt: 1, tags: [], metadata: {} };
const message = (type: string, status: string, more = {}) => {
  const event = {
    eventId: `${type}-1`,
    type,
    timestamp: "2026-03-01T12:00:00.000Z",
    data: { ...facts, status, ...more },
  };
  return { data: Buffer.from(JSON.stringify(event)).toString("base64") };
};

describe("the job report", () => {
  it("counts each end of a job once, and nothing else", () => {
    const report = jobReport();
    report.take(message("job.queued", "queued", { progress: 0 }));
    for (let times = 0; times < 2; times++) report.take(message("job.completed", "completed", { durationMs: 5 }));
    report.take(message("job.failed", "failed", { durationMs: 2 }));
    assert.deepEqual(
      [...report.days()],
      [["2026-03-01 greeting", { completed: 1, failed: 1, cancelled: 0, totalMs: 7 }]],
    );
  });

  it("refuses data that is no event", () => {
    assert.throws(() => jobReport().take({ data: Buffer.from("{}").toString("base64") }));
  });
});
