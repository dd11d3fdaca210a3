import assert from "node:assert/strict";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { testCloud } from "../support/cloud.ts";
import { newOwner, traced, traces } from "../support/engine-jobs.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { waitFor } from "../support/wait-for.ts";

describe("a job that blocks its worker for three leases", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore();
  });
  after(() => db.terminate());

  it("keeps its lease, and so does its neighbour: both complete in their first attempt", async () => {
    const { client, reaching, key } = await newOwner();
    const [neighbour, { jobId }] = await Promise.all([
      client.submit("engine.neighbour", { key }),
      client.submit("engine.blocking", { key, ms: 15_000 }),
    ]);
    await traced(key, "blocks");
    // As a second instance would do with the jobs' messages.
    const store = openJobStore(db);
    const claims = new Set<string>();
    await waitFor("the job to end", async () => {
      for (const id of [jobId, neighbour.jobId]) {
        const claim = await store.claim(id, { leaseId: "other", leaseMs: 5000 }, new Date());
        claims.add(claim.outcome === "refused" ? claim.reason : claim.outcome);
      }
      return (await store.read(jobId))?.finishedAt !== undefined;
    });
    const ended = [await reaching(jobId, "completed"), await reaching(neighbour.jobId, "completed")];
    assert.deepEqual(
      [...claims].filter((claim) => claim !== "final"),
      ["leased"],
    );
    assert.deepEqual(
      ended.map(({ attempt }) => attempt),
      [1, 1],
    );
  });
});

describe("steps on the local cloud", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore();
  });
  after(() => db.terminate());

  it("are not repeated when the worker is killed after them", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.stepped", { key, steps: 5, stepMs: 700 });
    await traced(key, "step-4");
    testCloud().local.killFunction("baton-worker", "SIGKILL");
    const job = await reaching(jobId, "completed");
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((i) => traces(key, `step-${i}`)),
      [1, 1, 1, 2, 1],
    );
    assert.equal(job.attempt, 2);
    const result = await client.result(jobId);
    assert.deepEqual(result.output, { steps: 5 });
  });

  it("run a thousand side by side, each once, and change the job's document at most once a second", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.parallel", { key, steps: 1000 });
    const versions = new Set<string>();
    const startedAt = performance.now();
    const stop = db
      .doc(`batonJobs/${jobId}`)
      .onSnapshot(({ updateTime }) => versions.add(String(updateTime?.valueOf())));
    const job = await reaching(jobId, "completed");
    const seconds = (performance.now() - startedAt) / 1000;
    stop();
    assert.deepEqual([job.attempt, (await client.result(jobId)).output], [1, { sum: 499_500 }]);
    const counts = Array.from({ length: 1000 }, (_, i) => traces(key, `work-${i}`));
    assert.deepEqual([...new Set(counts)], [1]);
    // Besides one a second: as it was queued, claimed and completed.
    assert.ok(versions.size <= seconds + 4, `${versions.size} versions in ${seconds} s`);
  });

  it("write business documents once, although the worker is killed between commit and end", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.committing", { key });
    await traced(key, "committed");
    testCloud().local.killFunction("baton-worker", "SIGKILL");
    const job = await reaching(jobId, "completed");
    assert.deepEqual([job.attempt, (await client.result(jobId)).output], [2, { count: 1 }]);
    assert.deepEqual((await db.doc(`engineCounters/${key}`).get()).data(), { count: 1 });
  });

  it("of a job that needs many times a worker's time are each done once, in several invocations of one attempt", async function () {
    this.timeout(620_000);
    const { client, reaching, key } = await newOwner();
    // The scale is 540 s to 25 s, and a minute to 1.2 s and what a step costs besides.
    const { jobId } = await client.submit("engine.stepped", { key, steps: 40, stepMs: 1200 });
    const job = await reaching(jobId, "completed", 600_000);
    assert.deepEqual([job.attempt, (await client.result(jobId)).output], [1, { steps: 40 }]);
    const counts = Array.from({ length: 40 }, (_, i) => traces(key, `step-${i + 1}`));
    const invocations = job.history.filter(({ reason }) => reason === "suspended").length + 1;
    assert.ok(invocations >= 3, `${invocations} invocations`);
    // A step that the end of an invocation cut off runs again.
    assert.ok(counts.every((count) => count >= 1) && counts.reduce((a, b) => a + b) < 40 + invocations, `${counts}`);
  });

  it("are remembered over a short sleep, which is part of the same attempt", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.sleeping", { key, sleepMs: 1500 });
    const job = await reaching(jobId, "completed");
    const result = await client.result(jobId);
    assert.ok(client.isResultOf("engine.sleeping", result));
    const sleptMs = result.output?.sleptMs ?? 0;
    assert.deepEqual([job.attempt, job.history.map(({ reason }) => reason).includes("sleeping")], [1, true]);
    assert.ok(sleptMs >= 1500, `slept ${sleptMs} ms`);
  });

  it("are remembered over a long sleep, which the sweep ends", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.sleeping", { key, sleepMs: 24 * 3_600_000 });
    const asleep = await reaching(jobId, "pending");
    assert.equal(asleep.waitingFor, "time");
    // The day is over: nothing but the clock differs.
    const now = new Date();
    const job = db.doc(`batonJobs/${jobId}`);
    await job.collection("batonSteps").doc("nap").update({ output: now.toISOString() });
    await job.update({ runAt: Timestamp.fromDate(now), "engine.dueAt": Timestamp.fromDate(now) });
    assert.equal((await reaching(jobId, "completed")).attempt, 1);
    assert.equal(traces(key, "runs"), 2);
  });
});

describe("attempts on the local cloud", () => {
  it("that take the process with them end the job after the last one", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.exiting", { key });
    const job = await reaching(jobId, "failed", 200_000);
    assert.deepEqual([job.attempt, job.error?.code], [5, "worker-lost"]);
    // An attempt that a busy machine starves of its lease leaves no trace.
    const exits = traces(key, "exits");
    assert.ok(exits >= 1 && exits <= 5, `ran ${exits} times`);
  });

  it("follow each other after the delay that the handler asked for", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.retry-after", { key, afterMs: 2500 });
    const job = await reaching(jobId, "completed");
    const [, failed, again] = job.history.slice(1);
    const waitedMs = Date.parse(again?.at ?? "") - Date.parse(failed?.at ?? "");
    assert.deepEqual([job.attempt, failed?.errorCode], [2, "busy"]);
    assert.ok(waitedMs >= 2500, `waited ${waitedMs} ms`);
  });
});

describe("cancelling on the local cloud", () => {
  it("ends a running job, one that just started and one that has run for a while", async () => {
    const { client, reaching, key } = await newOwner();
    for (const runsForMs of [0, 2500]) {
      const { jobId } = await client.submit("engine.waiting", { key });
      const { startedAt } = await reaching(jobId, "processing");
      await waitFor("it to run for a while", async () => Date.now() - Date.parse(startedAt ?? "") >= runsForMs);
      await client.cancel(jobId);
      await reaching(jobId, "cancelled");
    }
  });

  it("lets the job type clean up, with what its steps gave", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.cleaning", { key });
    await traced(key, "reserved");
    await client.cancel(jobId);
    await reaching(jobId, "cancelled");
    assert.equal(traces(key, "gave-back-seat-7"), 1);
  });

  it("cleans up although the worker was killed", async () => {
    const { client, reaching, key } = await newOwner();
    const { jobId } = await client.submit("engine.cleaning", { key });
    await traced(key, "reserved");
    testCloud().local.killFunction("baton-worker", "SIGKILL");
    await client.cancel(jobId);
    await reaching(jobId, "cancelled");
    assert.equal(traces(key, "gave-back-seat-7"), 1);
  });
});
