import assert from "node:assert/strict";
import sinon from "sinon";
import { handleMessage } from "../../../functions/src/worker/handle-message.ts";
import { aJob } from "../../support/jobs.ts";
import { memoryJobStore } from "../../support/memory-job-store.ts";

function ports() {
  return {
    jobs: memoryJobStore(),
    types: new Map(),
    clock: { now: () => new Date("2026-01-01T00:00:00.000Z") },
    ids: { leaseId: () => "lease" },
    log: { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() },
    random: () => 0,
    leaseMs: 60_000,
  };
}

describe("handleMessage", () => {
  for (const attributes of [undefined, {}, { jobId: "" }, { jobId: "../../x" }, { jobId: 5 }, "text"]) {
    it(`acknowledges and logs a message with attributes ${JSON.stringify(attributes)}`, async () => {
      const given = ports();
      await handleMessage(given, { messageId: "1", attributes });
      assert.equal(given.log.error.callCount, 1);
    });
  }

  it("rejects while somebody else holds the job, so that the message comes again", async () => {
    const given = ports();
    const held = aJob({
      status: "processing",
      attempt: 1,
      lease: { id: "other", until: new Date("2026-01-01T00:01:00.000Z") },
    });
    await given.jobs.create(held, null);
    const again = handleMessage(given, { messageId: "1", attributes: { jobId: held.jobId } });
    await assert.rejects(again, /is held until 2026-01-01T00:01:00.000Z/);
  });
});
