import assert from "node:assert/strict";
import sinon from "sinon";
import { handleMessage } from "../../../engine/src/jobs/run/handle-message.ts";
import { memoryDeadLetterStore } from "../../../engine/src/testing/memory-dead-letter-store.ts";
import { aJob } from "../../support/jobs.ts";
import { aWorker } from "./a-worker.ts";

function ports() {
  const { ports, jobs, log, publisher } = aWorker(sinon.fake());
  const wakes = () => publisher.publishWake.args.map(([message]) => message);
  return { ...ports, jobs, log, wakes, deadLetters: memoryDeadLetterStore() };
}

describe("handleMessage", () => {
  for (const attributes of [undefined, {}, { jobId: "" }, { jobId: "../../x" }, { jobId: 5 }, "text"]) {
    it(`acknowledges and keeps a message with attributes ${JSON.stringify(attributes)}`, async () => {
      const given = ports();
      await handleMessage(given, "heavy", { messageId: "1", attributes });
      assert.equal(given.log.error.callCount, 1);
      const [letter] = given.deadLetters.letters();
      assert.deepEqual([letter?.letterId, letter?.kind, letter?.queue], ["baton-jobs-heavy-1", "unreadable", "heavy"]);
    });
  }

  it("keeps an unreadable message with all it carried, for admins only", async () => {
    const given = ports();
    await handleMessage(given, "default", { messageId: "1", attributes: { jobID: "typo" }, data: "aGVsbG8=" });
    assert.deepEqual(given.deadLetters.letters(), [
      {
        letterId: "baton-jobs-default-1",
        kind: "unreadable",
        queue: "default",
        reason: "It names no job.",
        attributes: { jobID: "typo" },
        data: "aGVsbG8=",
        receivedAt: new Date("2026-01-01T00:00:00.000Z"),
        expireAt: new Date("2026-01-31T00:00:00.000Z"),
      },
    ]);
  });

  it("rejects an unreadable message that cannot be kept, so that it comes again", async () => {
    const deadLetters = { keep: sinon.fake.rejects(new Error("store unreachable")) };
    const again = handleMessage({ ...ports(), deadLetters }, "default", { messageId: "1", attributes: {} });
    await assert.rejects(again, /store unreachable/);
  });

  it("acknowledges a message whose job another worker holds, and has it woken when the lease ends", async () => {
    const given = ports();
    const held = aJob({
      status: "processing",
      attempt: 1,
      lease: { id: "other", until: new Date("2026-01-01T00:01:00.000Z") },
    });
    await given.jobs.put(held, null);
    await handleMessage(given, "default", { messageId: "1", attributes: { jobId: held.jobId } });
    assert.deepEqual(given.wakes(), [{ jobId: held.jobId, at: "2026-01-01T00:01:00.000Z" }]);
  });

  it("acknowledges a message whose job waits, which brings its own message", async () => {
    const given = ports();
    const waiting = aJob({ attempt: 1, runAt: new Date("2026-01-01T00:00:30.000Z") });
    await given.jobs.put(waiting, null);
    await handleMessage(given, "default", { messageId: "1", attributes: { jobId: waiting.jobId } });
    assert.deepEqual(given.wakes(), []);
  });

  it("acknowledges a message after the end of its job's work is stored, not before", async () => {
    const work = Promise.withResolvers<null>();
    const begun = Promise.withResolvers<void>();
    const { ports, jobs, stored, clock } = aWorker(() => {
      begun.resolve();
      return work.promise;
    });
    const jobId = await stored();
    const isAcknowledged = sinon.fake();
    const given = { ...ports, deadLetters: memoryDeadLetterStore() };
    const handled = handleMessage(given, "default", { messageId: "1", attributes: { jobId } }).then(isAcknowledged);
    await begun.promise;
    await clock.advance(30_000);
    assert.equal(isAcknowledged.callCount, 0);
    work.resolve(null);
    await handled;
    assert.equal((await jobs.read(jobId))?.status, "completed");
  });

  it("rejects while the store cannot be reached, so that the message comes again", async () => {
    const given = ports();
    given.jobs.claim = sinon.fake.rejects(new Error("UNAVAILABLE"));
    const again = handleMessage(given, "default", { messageId: "1", attributes: { jobId: aJob().jobId } });
    await assert.rejects(again, /UNAVAILABLE/);
  });
});
