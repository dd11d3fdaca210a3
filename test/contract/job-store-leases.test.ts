import assert from "node:assert/strict";
import { DocumentReference, type Firestore, Query, type WriteBatch } from "@google-cloud/firestore";
import { after, afterEach, before } from "mocha";
import sinon from "sinon";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, aSubmission, randomJobId, randomOwner } from "../support/jobs.ts";
import { waitFor } from "../support/wait-for.ts";
import {
  after0,
  applied,
  CONTRACT_PROJECT,
  claimBy,
  completeBy,
  onBothJobStores,
  submitted,
  T0,
} from "./both-job-stores.ts";

const progressBy = (leaseId: string, progress = 0.5) =>
  ({ kind: "progress", leaseId, leaseMs: 60_000, progress }) as const;

/** Changes a job's document past its store, whatever its status. */
async function writeTags(jobId: string): Promise<void> {
  const db = openFirestore(CONTRACT_PROJECT);
  await db.doc(`batonJobs/${jobId}`).update({ tags: ["again"] });
  await db.terminate();
}

onBothJobStores("of leases", (stores, { isEmulator }) => {
  /**
   * Waits for the call of a job's watcher. Memory calls at once. The emulator loses 1 of 1,000 updates that come while
   * a listener opens, and gets one more; a command that changes nothing would write nothing.
   */
  async function calledBy(watcher: sinon.SinonSpy, jobId: string): Promise<void> {
    if (!isEmulator) return assert.equal(watcher.callCount, 1);
    await waitFor("the watcher's call", async () => watcher.called, 10_000).catch(() => writeTags(jobId));
    await waitFor("the watcher's call", async () => watcher.called);
  }

  it("gives the input to the claimant only", async () => {
    const [one, other] = stores();
    const { jobId } = await submitted(one);
    const claims = await Promise.all([
      one.claim(jobId, { leaseId: "a", leaseMs: 60_000 }, T0),
      other.claim(jobId, { leaseId: "b", leaseMs: 60_000 }, T0),
    ]);
    assert.deepEqual(claims.map((claim) => claim.outcome).sort(), ["moved", "refused"]);
    assert.deepEqual(claims.map((claim) => "input" in claim && claim.input).sort(), [false, { n: 1 }].sort());
    assert.deepEqual(await one.claim(randomJobId(), { leaseId: "a", leaseMs: 1 }, T0), { outcome: "not-found" });
  });

  it("publishes each of sixty due jobs again for one of two sweeps, beside one that ended and one that is gone", async () => {
    const [one, other] = stores();
    const due = await Promise.all(Array.from({ length: 60 }, () => submitted(one)));
    const ended = await submitted(one);
    await applied(one, ended.jobId, [{ kind: "cancel" }]);
    const gone = randomJobId();
    const sweep = (jobs: typeof one) =>
      Promise.all(
        [...due, ended, { jobId: gone }].map(({ jobId }) => jobs.apply(jobId, { kind: "republish" }, after0(60_000))),
      );
    const [first, second] = await Promise.all([sweep(one), sweep(other)]);
    for (const index of due.keys()) {
      assert.deepEqual([first[index]?.outcome, second[index]?.outcome].sort(), ["moved", "refused"]);
    }
    assert.deepEqual([first[60]?.outcome, first[61]?.outcome], ["refused", "not-found"]);
  });

  it("takes a repeated claim by the same lease for the first one", async () => {
    const [jobs] = stores();
    const { jobId } = await submitted(jobs);
    await jobs.claim(jobId, { leaseId: "a", leaseMs: 60_000 }, T0);
    const again = await jobs.claim(jobId, { leaseId: "a", leaseMs: 60_000 }, after0(1000));
    assert.ok(again.outcome === "moved");
    assert.deepEqual([again.job.attempt, again.input], [1, { n: 1 }]);
  });

  it("tells a worker of a cancel that came between two of its reports", async () => {
    const [worker, api] = stores();
    const { jobId } = await submitted(worker);
    await applied(worker, jobId, [claimBy("a"), progressBy("a", 0.2)]);
    await applied(api, jobId, [{ kind: "cancel" }]);
    const told = await applied(worker, jobId, [progressBy("a", 0.4)]);
    assert.deepEqual([told.cancelRequested, told.progress], [true, 0.4]);
    assert.equal((await api.read(jobId))?.cancelRequested, true);
  });

  it("refuses a worker whose job was given to another between two of its reports", async () => {
    const [worker, other] = stores();
    const { jobId } = await submitted(worker);
    await applied(worker, jobId, [claimBy("a"), progressBy("a")]);
    await applied(other, jobId, [claimBy("b"), progressBy("b", 0.1)], after0(60_000));
    for (const event of [progressBy("a"), completeBy("a")]) {
      const late = await worker.apply(jobId, event, after0(60_001));
      assert.equal(late.outcome === "refused" && late.reason, "lease-lost", event.kind);
    }
    assert.deepEqual([(await other.read(jobId))?.progress, await other.readResult(jobId)], [0.1, undefined]);
    assert.equal((await applied(other, jobId, [completeBy("b")])).status, "completed");
  });

  it("lets one of many reports and ends at once come last, and nothing after the end", async () => {
    const [one, other] = stores();
    const { jobId } = await submitted(one);
    await applied(one, jobId, [claimBy("a")]);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 ? one : other).apply(jobId, i === 5 ? completeBy("a") : progressBy("a", i / 20), T0),
      ),
    );
    assert.equal(answers.filter((answer) => answer.outcome === "moved" && answer.result).length, 1);
    assert.equal((await one.read(jobId))?.status, "completed");
  });

  for (const [title, event, end] of [
    ["was told to stop", { kind: "cancel" }, "cancelled"],
    ["was taken from the lease", claimBy("b"), "lease-lost"],
    ["became final meanwhile", { kind: "bury" }, "lease-lost"],
  ] as const) {
    it(`tells the watcher of a lease once that the job ${title}`, async () => {
      const [worker, other] = stores();
      const { jobId } = await submitted(worker);
      await applied(worker, jobId, [claimBy("a")]);
      const then = sinon.fake();
      const stop = worker.watchLease(jobId, "a", then);
      await applied(worker, jobId, [progressBy("a")]);
      await applied(other, jobId, [event], after0(event.kind === "cancel" ? 1000 : 60_000));
      await calledBy(then, jobId);
      await other.apply(jobId, { kind: "cancel" }, after0(60_000));
      stop();
      assert.deepEqual(then.args, [[end]]);
    });
  }

  it("tells a watcher who comes late", async () => {
    const [worker, other] = stores();
    const { jobId } = await submitted(worker);
    await applied(other, jobId, [claimBy("a"), { kind: "cancel" }]);
    const end = await new Promise((resolve) => worker.watchLease(jobId, "a", resolve));
    assert.equal(end, "cancelled");
  });

  it("tells a watcher who stopped nothing", async () => {
    const [worker, other] = stores();
    const { jobId } = await submitted(worker);
    await applied(worker, jobId, [claimBy("a")]);
    const [stopped, watching] = [sinon.fake(), sinon.fake()];
    worker.watchLease(jobId, "a", stopped)();
    worker.watchLease(jobId, "a", watching);
    await applied(other, jobId, [{ kind: "cancel" }]);
    await calledBy(watching, jobId);
    assert.equal(stopped.callCount, 0);
  });
});

describe("Firestore as a job store, under the covers", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
  });
  after(() => db.terminate());
  afterEach(() => sinon.restore());

  it("reads nothing for the reports and the end of a worker that holds the job", async () => {
    const jobs = openJobStore(db);
    const { jobId } = await submitted(jobs);
    await jobs.claim(jobId, { leaseId: "a", leaseMs: 60_000 }, T0);
    const reads = [sinon.spy(DocumentReference.prototype, "get"), sinon.spy(Query.prototype, "get")];
    await applied(jobs, jobId, [progressBy("a", 0.2), progressBy("a", 0.4), completeBy("a")]);
    assert.deepEqual(
      reads.map(({ callCount }) => callCount),
      [0, 0],
    );
    sinon.restore();
    assert.equal((await jobs.read(jobId))?.status, "completed");
  });

  /** The next commit takes effect, and its caller learns of an error with this gRPC status. */
  function loseNextAnswer(code: number) {
    const open = db.batch.bind(db);
    sinon.stub(db, "batch").callsFake(() => {
      sinon.restore();
      const batch: WriteBatch = open();
      const commit = batch.commit.bind(batch);
      batch.commit = async () => {
        await commit();
        throw Object.assign(new Error("the answer was lost"), { code });
      };
      return batch;
    });
  }

  for (const [title, code] of [
    ["is repeated by the SDK", 6],
    ["is taken for aborted", 10],
  ] as const) {
    it(`finds its own submission when a commit that took effect ${title}`, async () => {
      const jobs = openJobStore(db);
      const owner = randomOwner();
      await submitted(jobs, { owner });
      loseNextAnswer(code);
      const answer = await jobs.submit(aSubmission({ owner }), { n: 1 }, T0);
      assert.deepEqual([answer.outcome, answer.outcome === "replayed" && answer.job.ticket], ["replayed", 2]);
      const usage = await jobs.readUsage(owner);
      assert.deepEqual([usage?.minute.jobs, usage?.slotQueue.last], [2, 2]);
    });

    it(`finds its own claim and its own end when a commit that took effect ${title}`, async () => {
      const jobs = openJobStore(db);
      const { jobId } = await submitted(jobs);
      loseNextAnswer(code);
      const claim = await jobs.claim(jobId, { leaseId: "a", leaseMs: 60_000 }, T0);
      assert.deepEqual([claim.outcome, claim.outcome === "moved" && claim.job.attempt], ["moved", 1]);
      loseNextAnswer(code);
      const end = await jobs.apply(jobId, completeBy("a"), T0);
      assert.equal(end.outcome === "refused" && end.reason, "final");
      assert.equal((await jobs.readResult(jobId))?.leaseId, "a");
    });
  }

  it("rejects when an answer is lost, and finds what it had done when it is asked again", async () => {
    const jobs = openJobStore(db);
    const request = aSubmission({ requestHashes: { input: "i" } });
    loseNextAnswer(4);
    await assert.rejects(jobs.submit(request, { n: 1 }, T0), /the answer was lost/);
    assert.equal((await jobs.submit(request, { n: 1 }, T0)).outcome, "replayed");
    loseNextAnswer(4);
    await assert.rejects(jobs.apply(request.jobId, claimBy("a"), T0), /the answer was lost/);
    const again = await jobs.apply(request.jobId, claimBy("a"), T0);
    assert.equal(again.outcome === "moved" && again.job.attempt, 1);
    loseNextAnswer(4);
    await assert.rejects(jobs.apply(request.jobId, completeBy("a"), T0), /the answer was lost/);
    assert.equal((await jobs.apply(request.jobId, completeBy("a"), T0)).outcome, "refused");
  });

  it("stands on conditions that notice every write, however quick", async () => {
    const document = db.collection("batonJobs").doc(randomJobId());
    let { writeTime } = await document.set({ n: 0 });
    for (let n = 1; n <= 200; n++) {
      const before = writeTime;
      const writes = await Promise.allSettled(
        Array.from({ length: 4 }, () => document.update({ n }, { lastUpdateTime: before })),
      );
      const won = writes.flatMap((write) => (write.status === "fulfilled" ? [write.value] : []));
      assert.equal(won.length, 1, `write ${n}`);
      writeTime = won[0]?.writeTime ?? before;
      assert.ok(writeTime.valueOf() > before.valueOf(), `${writeTime.valueOf()} after ${before.valueOf()}`);
      await assert.rejects(document.update({ n: -1 }, { lastUpdateTime: before }), { code: 9 });
    }
    await document.delete();
  });

  it("keeps a large output out of the result, which is also the event of its completion", async () => {
    const jobs = openJobStore(db);
    const { jobId } = await submitted(jobs);
    await applied(jobs, jobId, [claimBy("a"), { kind: "complete", leaseId: "a", output: "z".repeat(600_000) }]);
    const result = (await db.doc(`batonResults/${jobId}`).get()).data();
    assert.ok(JSON.stringify(result).length < 2000);
    assert.equal(result?.outputRef, `batonResults/${jobId}/batonPayloads/output`);
  });

  it("keeps the fields of a newer version when an older one moves the job", async () => {
    const jobs = openJobStore(db);
    const job = aJob({ owner: randomOwner() });
    await jobs.put(job, { n: 1 });
    const document = db.collection("batonJobs").doc(job.jobId);
    await document.update({ color: "blue" });
    await applied(jobs, job.jobId, [claimBy("a"), completeBy("a")]);
    const fields = (await document.get()).data();
    assert.deepEqual([fields?.status, fields?.color, fields?.engine.lease], ["completed", "blue", undefined]);
  });
});
