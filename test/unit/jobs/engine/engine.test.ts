import assert from "node:assert/strict";
import { beforeEach } from "mocha";
import sinon from "sinon";
import { createEngine, type Engine } from "../../../../engine/src/jobs/engine.ts";
import { effectsBetween } from "../../../../engine/src/jobs/rules/effects.ts";
import type { Submission } from "../../../../engine/src/jobs/rules/submission.ts";
import type { JobCommand } from "../../../../engine/src/jobs/rules/transitions.ts";
import { type MemoryJobStore, memoryJobStore } from "../../../../engine/src/testing/memory-job-store.ts";
import { aJob, aSubmission, limits } from "../../../support/jobs.ts";

const T0 = new Date("2026-01-01T00:00:00.000Z");
const claim: JobCommand = { kind: "claim", leaseId: "a", leaseMs: 60_000 };
const complete: JobCommand = { kind: "complete", leaseId: "a", output: "done" };
const fail: JobCommand = {
  kind: "fail",
  leaseId: "a",
  error: { code: "boom", message: "It broke." },
  isPermanent: true,
  retryAt: T0,
};

describe("the engine", () => {
  let jobs: MemoryJobStore;
  let publisher: {
    publishJob: sinon.SinonSpy;
    publishDeadLetter: sinon.SinonSpy;
    publishWake: sinon.SinonSpy;
    publishDelivery: sinon.SinonSpy;
  };
  let log: { info: sinon.SinonSpy; warn: sinon.SinonSpy; error: sinon.SinonSpy };
  beforeEach(() => {
    jobs = memoryJobStore();
    publisher = {
      publishJob: sinon.fake.resolves(undefined),
      publishDeadLetter: sinon.fake.resolves(undefined),
      publishWake: sinon.fake.resolves(undefined),
      publishDelivery: sinon.fake.resolves(undefined),
    };
    log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  });

  const engineAt = (now: Date): Engine =>
    createEngine({ jobs, publisher, log, clock: { now: () => now, after: () => () => undefined } });
  let known: { jobs: MemoryJobStore; engine: Engine } | undefined;
  /** The engine of this test's process; a new one when the test replaced the store. */
  const engine = (): Engine => {
    if (known?.jobs !== jobs) known = { jobs, engine: engineAt(T0) };
    return known.engine;
  };
  const published = () => publisher.publishJob.args.map(([, { jobId }]) => jobId);
  const statusOf = async (jobId: string) => {
    const job = await jobs.read(jobId);
    return job?.waitingFor ?? job?.status;
  };
  async function submit(jobId: string, given: Partial<Submission> = {}) {
    const request = { jobId, owner: "ann", limits: limits({ activeJobs: 1 }), maxAttempts: 1, ...given };
    await jobs.submit(aSubmission(request), null, T0);
  }
  const statuses = (...ids: string[]) => Promise.all(ids.map(statusOf));

  it("publishes the next of the owner when one ends, and no more than there are slots", async () => {
    for (const id of ["one", "two", "three"]) await submit(id);
    await engine().move("one", claim);
    assert.deepEqual(published(), []);
    await engine().move("one", complete);
    assert.deepEqual(published(), ["two"]);
    assert.deepEqual(await statuses("two", "three"), ["queued", "slot"]);
  });

  it("fills all slots again when jobs end at the same moment", async () => {
    const running = Array.from({ length: 8 }, (_, i) => `running-${i}`);
    const waiting = Array.from({ length: 12 }, (_, i) => `waiting-${i}`);
    for (const id of [...running, ...waiting]) await submit(id, { limits: limits({ activeJobs: 8 }) });
    for (const id of running) await engine().move(id, claim);
    await Promise.all(running.map((id) => engine().move(id, complete)));
    assert.deepEqual(published().sort(), waiting.slice(0, 8).sort());
    assert.deepEqual(await statuses(...waiting.slice(8)), Array(4).fill("slot"));
  });

  it("publishes the next of the owner when one begins to wait for long", async () => {
    for (const id of ["one", "two"]) await submit(id);
    await engine().move("one", claim);
    await engine().move("one", { kind: "suspend", leaseId: "a", until: new Date(T0.getTime() + 60_001) });
    assert.deepEqual(await statuses("one", "two"), ["time", "queued"]);
  });

  for (const event of [complete, fail, { kind: "cancel" }, { kind: "bury" }] satisfies JobCommand[]) {
    it(`publishes the next of the lane after ${event.kind} of its head`, async () => {
      const lane = { lane: "l", orderingKey: "k", limits: limits() };
      for (const id of ["one", "two", "three"]) await submit(id, lane);
      if ("leaseId" in event) await engine().move("one", claim);
      await engine().move("one", event);
      assert.deepEqual(published(), ["two"]);
      assert.deepEqual(await statuses("two", "three"), ["queued", "lane"]);
    });
  }

  it("keeps the lane for a head that is tried again later", async () => {
    const lane = { lane: "l", orderingKey: "k", limits: limits(), maxAttempts: 2 };
    for (const id of ["one", "two"]) await submit(id, lane);
    await engine().move("one", claim);
    await engine().move("one", { ...fail, isPermanent: false, retryAt: new Date(T0.getTime() + 600_000) });
    assert.deepEqual(await statuses("one", "two"), ["time", "lane"]);
    assert.deepEqual(published(), []);
  });

  it("gives those that followed a job its output, more than one page of them", async () => {
    const cache = { cache: { key: "k", ttlMs: 60_000 }, limits: limits() };
    const followers = Array.from({ length: 45 }, (_, i) => `follower-${i}`);
    for (const id of ["leader", ...followers]) await submit(id, cache);
    await engine().move("leader", claim);
    await engine().move("leader", complete);
    assert.deepEqual(await statuses(...followers), Array(45).fill("completed"));
    assert.deepEqual(published(), []);
  });

  it("runs one of those that followed a failed job, and lets the others follow that one", async () => {
    const cache = { cache: { key: "k", ttlMs: 60_000 }, limits: limits() };
    const followers = Array.from({ length: 25 }, (_, i) => `follower-${i}`);
    for (const id of ["leader", ...followers]) await submit(id, cache);
    await engine().move("leader", claim);
    await engine().move("leader", fail);
    assert.equal(published().length, 1);
    assert.deepEqual((await statuses(...followers)).sort(), ["queued", ...Array(24).fill("result")].sort());
  });

  const HOUR_LATER = new Date("2026-01-01T01:00:00.000Z");
  const stops: [string, JobCommand][] = [
    ["sleeps", { kind: "suspend", leaseId: "a", until: HOUR_LATER }],
    ["is tried again later", { ...fail, isPermanent: false, retryAt: HOUR_LATER }],
    ["is told to stop", { kind: "cancel" }],
  ];
  for (const [what, event] of stops) {
    it(`runs one of those that followed a job when that ${what}, and lets the others follow that one`, async () => {
      const cache = { cache: { key: "k", ttlMs: 60_000 }, limits: limits(), maxAttempts: 2, hasCleanUp: true as const };
      for (const id of ["leader", "first", "second"]) await submit(id, cache);
      await engine().move("leader", claim);
      await engine().move("leader", event);
      assert.deepEqual([await statuses("first", "second"), published()], [["queued", "result"], ["first"]]);
      assert.equal((await jobs.read("second"))?.sharesResultOf, "first");
    });
  }

  it("stops telling those that follow a job which leads again", async () => {
    const cache = { cache: { key: "k", ttlMs: 60_000 }, limits: limits() };
    const followers = Array.from({ length: 20 }, (_, i) => `follower-${i}`);
    for (const id of ["leader", ...followers]) await submit(id, cache);
    await engine().move("leader", claim);
    // It sleeps, and is back before its followers are told.
    const slept = await jobs.apply("leader", { kind: "suspend", leaseId: "a", until: HOUR_LATER }, T0);
    assert.ok(slept.outcome === "moved");
    assert.equal((await jobs.promote("leader", HOUR_LATER)).outcome, "moved");
    await engine().perform(slept.job, slept.effects);
    assert.deepEqual(await statuses(...followers), Array(20).fill("result"));
  });

  /**
   * Jobs of `ann`, who has one slot: "one" runs, the others wait for it, and the outputs of the cached ones are
   * remembered.
   */
  async function submitBehindOne() {
    const cached = (lane: string) => ({ cache: { key: lane, ttlMs: 60_000 }, lane, orderingKey: lane });
    await submit("one");
    for (const id of ["a", "b"]) await submit(id, cached(id));
    for (const id of ["plain", "plainer"]) await submit(id);
    await submit("behind-a", { lane: "a", orderingKey: "a" });
    for (const key of ["a", "b"]) {
      await submit(`bobs-${key}`, { owner: "bob", limits: limits(), cache: { key, ttlMs: 60_000 } });
      await engine().move(`bobs-${key}`, claim);
      await engine().move(`bobs-${key}`, complete);
    }
    await engine().move("one", claim);
  }

  it("queues the next of a lane when the one before found a result instead of a slot", async () => {
    await submitBehindOne();
    assert.deepEqual(await statuses("a", "b", "plain", "behind-a"), ["slot", "slot", "slot", "lane"]);
    await engine().move("one", complete);
    assert.deepEqual(await statuses("a", "b", "plain", "behind-a"), ["completed", "completed", "queued", "slot"]);
    assert.deepEqual(published(), ["plain"]);
  });

  it("ends although the next of a lane finds a result while the slots of its owner are filled", async () => {
    await submitBehindOne();
    const store = jobs;
    // As if another process had taken it to its slot between these reads.
    jobs = {
      ...store,
      listWaiting: async (...given) => (await store.listWaiting(...given)).filter((id) => id !== "b"),
      readNextInLane: async () => "b",
    };
    await engine().move("one", complete);
    assert.deepEqual(await statuses("a", "b", "plain"), ["completed", "completed", "queued"]);
  });

  it("tells the dead letters of a job that used up its attempts, and of no other", async () => {
    await submit("exhausted");
    await submit("permanent", { owner: "bob", maxAttempts: 3 });
    for (const id of ["exhausted", "permanent"]) {
      await engine().move(id, claim);
      await engine().move(id, { ...fail, isPermanent: id === "permanent" });
    }
    assert.deepEqual(
      publisher.publishDeadLetter.args.map(([{ jobId }]) => jobId),
      ["exhausted"],
    );
  });

  it("leaves a job to its clean-up whose message is given up before that", async () => {
    await submit("one", { hasCleanUp: true, maxAttempts: 3 });
    await engine().move("one", claim);
    await engine().move("one", { ...fail, isPermanent: false });
    await engine().move("one", { kind: "cancel" });
    await engine().move("one", { kind: "bury" });
    assert.equal(await statusOf("one"), "queued");
  });

  for (const [wait, retryAt] of [
    ["a minute", "2026-01-01T00:01:00.000Z"],
    ["a moment", "2026-01-01T00:00:00.500Z"],
  ] as const) {
    it(`publishes a job that waits for ${wait} when it is woken, once`, async () => {
      await submit("one", { maxAttempts: 3 });
      await engine().move("one", claim);
      await engine().move("one", { ...fail, isPermanent: false, retryAt: new Date(retryAt) });
      assert.deepEqual([published(), publisher.publishWake.args], [[], [[{ jobId: "one", at: retryAt }]]]);
      const later = engineAt(new Date(retryAt));
      await engine().recheck("one");
      assert.deepEqual(published(), []);
      for (const _ of ["first", "repeated"]) await later.recheck("one");
      assert.deepEqual(published(), ["one"]);
    });
  }

  it("leaves a job that waits for more than a minute to the sweep", async () => {
    await submit("one", { maxAttempts: 3 });
    await engine().move("one", claim);
    await engine().move("one", { ...fail, isPermanent: false, retryAt: new Date("2026-01-01T00:01:00.001Z") });
    assert.deepEqual([await statusOf("one"), publisher.publishWake.callCount], ["time", 0]);
  });

  it("moves a job on that was submitted for later, into the queue", async () => {
    await submit("one", { runAt: T0 });
    await jobs.put(aJob({ jobId: "later", status: "pending", waitingFor: "time", runAt: T0, dueAt: T0 }), null);
    await engine().recheck("later");
    assert.deepEqual([await statusOf("later"), published()], ["queued", ["later"]]);
  });

  it("answers a move although its wake is not published, which it logs", async () => {
    publisher.publishWake = sinon.fake.rejects(new Error("Pub/Sub cannot be reached"));
    await submit("one", { maxAttempts: 3 });
    await engine().move("one", claim);
    const retryAt = new Date("2026-01-01T00:00:05.000Z");
    assert.equal((await engine().move("one", { ...fail, isPermanent: false, retryAt })).outcome, "moved");
    assert.equal(log.warn.callCount, 1);
  });

  const UNTIL: [string, Date | undefined][] = [
    ["at once", undefined],
    ["in 30 s", new Date("2026-01-01T00:00:30.000Z")],
    ["in an hour", new Date("2026-01-01T01:00:00.000Z")],
  ];
  for (const [when, until] of UNTIL) {
    it(`calls a worker to clean up after a job that was to continue ${when}`, async () => {
      await submit("one", { hasCleanUp: true });
      await engine().move("one", claim);
      await engine().move("one", { kind: "suspend", leaseId: "a", ...(until && { until }) });
      publisher.publishJob.resetHistory();
      publisher.publishWake.resetHistory();
      await engine().move("one", { kind: "cancel" });
      assert.deepEqual([await statusOf("one"), published()], ["queued", ["one"]]);
      // And `wake` ends it if no worker comes.
      assert.deepEqual(publisher.publishWake.args, [[{ jobId: "one", at: "2026-01-01T00:00:30.000Z" }]]);
    });
  }

  it("holds a job that could not be published, with the time of the next look", async () => {
    publisher.publishJob = sinon.fake.rejects(new Error("Pub/Sub cannot be reached"));
    await jobs.put(aJob({ jobId: "one" }), null);
    const held = await engine().perform(aJob({ jobId: "one" }), [{ kind: "publish" }]);
    assert.deepEqual([held.waitingFor, held.dueAt], ["unpublished", new Date("2026-01-01T00:00:30.000Z")]);
    assert.equal(log.warn.callCount, 1);
  });

  it("leaves a job to the sweep when neither Pub/Sub nor the store can be reached", async () => {
    publisher.publishJob = sinon.fake.rejects(new Error("Pub/Sub cannot be reached"));
    jobs = { ...jobs, apply: sinon.fake.rejects(new Error("the store cannot be reached")) };
    assert.equal((await engine().perform(aJob(), [{ kind: "publish" }])).status, "queued");
    assert.equal(log.error.callCount, 1);
  });

  it("answers the move although nothing that follows from it works", async () => {
    for (const id of ["one", "two"]) await submit(id);
    await engine().move("one", claim);
    jobs = { ...jobs, listWaiting: sinon.fake.rejects(new Error("the store cannot be reached")) };
    const answer = await engine().move("one", complete);
    assert.equal(answer.outcome, "moved");
    assert.deepEqual([await statusOf("two"), log.error.callCount], ["slot", 1]);
    await engine().promote("two");
    assert.deepEqual([await statusOf("two"), published()], ["queued", ["two"]]);
  });

  it("looks once more after a job was stored as waiting, and never before its time", async () => {
    for (const id of ["one", "two"]) await submit(id);
    await submit("later", { runAt: new Date(T0.getTime() + 1) });
    const [two, later] = [await jobs.read("two"), await jobs.read("later")];
    assert.ok(two && later);
    assert.equal((await engine().perform(two, [{ kind: "recheck" }])).waitingFor, "slot");
    await jobs.apply("one", { kind: "cancel" }, T0);
    assert.equal((await engine().perform(two, [{ kind: "recheck" }])).status, "queued");
    assert.equal((await engine().perform(later, [])).waitingFor, "time");
    assert.deepEqual(published(), ["two"]);
  });

  /**
   * Ends at the very moment in which `jobId` is stored as waiting for it; its worker looked for those that wait just
   * before.
   */
  function endsMeanwhile(jobId: string, ended: string) {
    const store = jobs;
    let isFirst = true;
    jobs = {
      ...store,
      async promote(id, now) {
        const answer = await store.promote(id, now);
        if (id !== jobId || !isFirst) return answer;
        isFirst = false;
        await store.apply(ended, complete, now);
        return answer;
      },
    };
  }

  it("runs a job that comes out of its lane into the line for a slot while the last slot comes free", async () => {
    await submit("one");
    for (const id of ["head", "next"]) await submit(id, { lane: "l", orderingKey: "k" });
    await engine().move("one", claim);
    endsMeanwhile("next", "one");
    await engine().move("head", { kind: "cancel" });
    assert.deepEqual([await statuses("one", "next"), published()], [["completed", "queued"], ["next"]]);
  });

  it("completes a job that comes out of the line to follow an equal one while that completes", async () => {
    const cache = { cache: { key: "k", ttlMs: 60_000 } };
    for (const id of ["one", "equal"]) await submit(id, id === "equal" ? cache : {});
    await submit("leader", { owner: "bob", ...cache });
    for (const id of ["one", "leader"]) await engine().move(id, claim);
    endsMeanwhile("equal", "leader");
    await engine().move("one", complete);
    assert.deepEqual(await statuses("one", "equal"), ["completed", "completed"]);
  });

  it("makes an equal job that slept follow the one that leads by then, when it fails", async () => {
    const cache = { cache: { key: "k", ttlMs: 60_000 }, limits: limits(), maxAttempts: 2 };
    await submit("slept", cache);
    await engine().move("slept", claim);
    await engine().move("slept", { kind: "suspend", leaseId: "a", until: HOUR_LATER });
    await submit("leader", cache);
    const later = engineAt(HOUR_LATER);
    await later.recheck("slept");
    await later.move("slept", claim);
    await later.move("slept", { ...fail, isPermanent: false, retryAt: HOUR_LATER });
    assert.deepEqual(publisher.publishWake.lastCall.args, [{ jobId: "slept", at: "2026-01-01T01:00:00.000Z" }]);
    await later.recheck("slept");
    assert.deepEqual(
      [await statuses("slept", "leader"), (await jobs.read("slept"))?.sharesResultOf],
      [["result", "queued"], "leader"],
    );
  });

  it("does not look again at one that waits behind others that wait", async () => {
    for (const id of ["one", "two"]) await submit(id);
    const two = await jobs.read("two");
    assert.ok(two?.status === "pending");
    await jobs.apply("one", { kind: "cancel" }, T0);
    const before = { ...two, waitingFor: "result" } as const;
    assert.deepEqual(effectsBetween(before, two, 2), []);
    assert.deepEqual(effectsBetween(before, two, 1), [{ kind: "recheck" }]);
  });

  it("answers undefined, or not-found, for a job that is not there", async () => {
    assert.equal(await engine().promote("nobody"), undefined);
    assert.deepEqual(await engine().move("nobody", claim), { outcome: "not-found" });
  });
});
