import assert from "node:assert/strict";
import sinon from "sinon";
import { type EnginePorts, withEngine } from "../../../engine/src/jobs/engine.ts";
import { type BuryPorts, handleDeadLetter } from "../../../engine/src/jobs/handle-dead-letter.ts";
import { memoryDeadLetterStore } from "../../../engine/src/testing/memory-dead-letter-store.ts";
import { memoryJobStore } from "../../../engine/src/testing/memory-job-store.ts";
import { aJob } from "../../support/jobs.ts";

const NOW = new Date("2026-01-01T00:00:00.000Z");
const KEPT = { receivedAt: NOW, expireAt: new Date("2026-01-31T00:00:00.000Z") };
const JOB = aJob({ jobId: "AAAAAAAAAAAAAAAAAAAA", type: "test.job", owner: "alice", queue: "heavy" });
/** Attributes that Pub/Sub adds to a message it moves to the dead-letter topic. */
const MOVED = {
  CloudPubSubDeadLetterSourceDeliveryCount: "100",
  CloudPubSubDeadLetterSourceSubscription: "eventarc-worker-sub",
  CloudPubSubDeadLetterSourceTopicPublishTime: "2025-12-31T08:00:00.000Z",
};
const GAVE_UP = "Pub/Sub gave up after 100 deliveries by eventarc-worker-sub.";

const BURIED = { outcome: "moved", before: JOB, job: { ...JOB, status: "failed", finishedAt: NOW }, effects: [] };

/** The use case with fakes at its ports; `apply` is the job store's. */
function setup(apply = sinon.fake.resolves(BURIED)) {
  const deadLetters = memoryDeadLetterStore();
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const setup: Omit<BuryPorts, "engine"> & EnginePorts = {
    jobs: { ...memoryJobStore(), apply },
    publisher: {
      publishJob: sinon.fake(),
      publishDeadLetter: sinon.fake(),
      publishWake: sinon.fake(),
    },
    deadLetters,
    clock: { now: () => NOW, after: () => () => {} },
    log,
  };
  const ports = withEngine(setup);
  return { ports, apply, log, deadLetters };
}

describe("handleDeadLetter", () => {
  it("buries the job whose message Pub/Sub gave up, and keeps the letter with what is known of the job", async () => {
    const { ports, apply, deadLetters } = setup();
    const attributes = { jobId: JOB.jobId, ...MOVED };
    await handleDeadLetter(ports, { messageId: "7", attributes });
    assert.deepEqual(apply.args, [
      ["AAAAAAAAAAAAAAAAAAAA", { kind: "bury", publishedAt: new Date("2025-12-31T08:00:00.000Z") }, NOW],
    ]);
    assert.deepEqual(deadLetters.letters(), [
      {
        letterId: "AAAAAAAAAAAAAAAAAAAA-7",
        kind: "undeliverable",
        reason: GAVE_UP,
        jobId: "AAAAAAAAAAAAAAAAAAAA",
        queue: "heavy",
        owner: "alice",
        type: "test.job",
        attributes,
        ...KEPT,
      },
    ]);
  });

  it("buries a job also when Pub/Sub does not say when the message was published", async () => {
    const { ports, apply } = setup();
    const { CloudPubSubDeadLetterSourceTopicPublishTime: _, ...attributes } = { jobId: JOB.jobId, ...MOVED };
    await handleDeadLetter(ports, { messageId: "7", attributes });
    assert.deepEqual(apply.args, [["AAAAAAAAAAAAAAAAAAAA", { kind: "bury" }, NOW]]);
  });

  it("keeps the letter of a job that is not to be buried, and leaves the job alone", async () => {
    const { ports, deadLetters } = setup(sinon.fake.resolves({ outcome: "refused", reason: "final", job: JOB }));
    await handleDeadLetter(ports, { messageId: "7", attributes: { jobId: JOB.jobId, ...MOVED } });
    const [letter] = deadLetters.letters();
    assert.deepEqual([letter?.kind, letter?.owner, letter?.reason], ["undeliverable", "alice", GAVE_UP]);
  });

  it("keeps the letter of a job that does not exist, for admins only", async () => {
    const { ports, deadLetters } = setup(sinon.fake.resolves({ outcome: "not-found" }));
    await handleDeadLetter(ports, { messageId: "7", attributes: { jobId: JOB.jobId, ...MOVED } });
    const [letter] = deadLetters.letters();
    assert.deepEqual([letter?.kind, letter?.reason], ["undeliverable", `${GAVE_UP} There is no such job.`]);
    assert.equal("owner" in (letter ?? {}), false);
  });

  it("keeps what a worker says about a job that used up its attempts, and does not touch the job", async () => {
    const { ports, apply, deadLetters } = setup();
    const attributes = { jobId: JOB.jobId, reason: "exhausted", queue: "heavy", type: "test.job", owner: "alice" };
    await handleDeadLetter(ports, { messageId: "7", attributes });
    assert.equal(apply.callCount, 0);
    assert.deepEqual(deadLetters.letters(), [
      {
        letterId: "AAAAAAAAAAAAAAAAAAAA-7",
        kind: "exhausted",
        reason: "The job used up its attempts.",
        jobId: "AAAAAAAAAAAAAAAAAAAA",
        queue: "heavy",
        owner: "alice",
        type: "test.job",
        attributes,
        ...KEPT,
      },
    ]);
  });

  for (const attributes of [undefined, {}, { jobId: "../../x" }, { jobId: "", ...MOVED }, { reason: "exhausted" }]) {
    it(`keeps a message with attributes ${JSON.stringify(attributes)} as unreadable`, async () => {
      const { ports, apply, log, deadLetters } = setup();
      await handleDeadLetter(ports, { messageId: "7", attributes });
      const [letter] = deadLetters.letters();
      assert.deepEqual(
        [letter?.letterId, letter?.kind, letter?.reason],
        ["baton-jobs-dead-7", "unreadable", "It names no job."],
      );
      assert.deepEqual([apply.callCount, log.error.callCount], [0, 1]);
    });
  }

  it("buries no job for a message that neither a worker nor Pub/Sub made a dead letter", async () => {
    const { ports, apply, deadLetters } = setup();
    await handleDeadLetter(ports, { messageId: "7", attributes: { jobId: JOB.jobId } });
    assert.equal(apply.callCount, 0);
    assert.deepEqual(deadLetters.letters()[0]?.kind, "unreadable");
  });

  it("keeps one letter, however often it is delivered", async () => {
    const { ports, deadLetters } = setup();
    const message = { messageId: "7", attributes: { jobId: JOB.jobId, ...MOVED } };
    await Promise.all([handleDeadLetter(ports, message), handleDeadLetter(ports, message)]);
    assert.equal(deadLetters.letters().length, 1);
  });

  it("keeps the beginning of long data, cut where it can be decoded", async () => {
    const { ports, deadLetters } = setup();
    const data = Buffer.from("x".repeat(9000)).toString("base64");
    await handleDeadLetter(ports, { messageId: "7", attributes: {}, data });
    const kept = Buffer.from(deadLetters.letters()[0]?.data ?? "", "base64").toString();
    assert.equal(kept, "x".repeat(6144));
  });

  it("wants the message again when the job store or the letters' cannot be reached", async () => {
    const attributes = { jobId: JOB.jobId, ...MOVED };
    const silent = setup(sinon.fake.rejects(new Error("jobs away")));
    await assert.rejects(handleDeadLetter(silent.ports, { messageId: "7", attributes }), /jobs away/);
    assert.deepEqual(silent.deadLetters.letters(), []);
    const { ports } = setup();
    const deadLetters = { keep: sinon.fake.rejects(new Error("letters away")) };
    await assert.rejects(handleDeadLetter({ ...ports, deadLetters }, { messageId: "7", attributes }), /letters away/);
  });
});
