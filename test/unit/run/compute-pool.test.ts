import assert from "node:assert/strict";
import { syncBuiltinESMExports } from "node:module";
import os, { getPriority } from "node:os";
import sinon from "sinon";
import {
  type ComputeLimits,
  PermanentError,
  RetryAfterError,
  RetryableError,
} from "../../../engine/src/job-types/define-job.ts";
import { type ComputePool, computePool } from "../../../engine/src/jobs/run/compute/compute-pool.ts";

const LIMITS = { timeoutMs: 1000, memoryMb: 160 };

interface Options {
  jobId?: string;
  owner?: string;
  signal?: AbortSignal;
  limits?: ComputeLimits;
  progress?: (fraction: number, step?: string) => void;
}

const entry = new URL("../../support/compute-entry.ts", import.meta.url);
const aPool = (options = {}) => computePool({ entry, maxProcesses: 2, maxOfOwner: 2, idleMs: 60_000, ...options });

function callOn(pool: ComputePool) {
  return (name: string, input: unknown = null, options: Options = {}) =>
    pool.run({
      ...{ jobId: "a-job", owner: "an-owner", type: "test.computing", name, input, limits: LIMITS },
      ...{ signal: new AbortController().signal, progress: () => undefined, ...options },
    });
}

const failsWith = (code: string, Kind: typeof PermanentError | typeof RetryableError) => (error: unknown) =>
  error instanceof Kind && error.code === code;

describe("computePool", () => {
  const pool = aPool();
  const call = callOn(pool);
  after(() => pool.stop());

  it("gives what a function returns, with what it says of its progress", async () => {
    const progress: unknown[] = [];
    const output = await call("double", 21, { progress: (...report) => progress.push(report) });
    assert.deepEqual([output, progress], [42, [[0.5, "doubling"]]]);
  });

  it("does not fail for a report that cannot be sent", async () => {
    assert.equal(await call("report"), "reported");
  });

  it("copies what structured clone copies", async () => {
    const value = { at: new Date(0), map: new Map([["a", 1n]]), bytes: new Uint8Array([1, 2]), none: undefined };
    assert.deepEqual(await call("echo", value), value);
  });

  it("uses a process again", async () => {
    assert.equal(await call("pid"), await call("pid"));
  });

  it("keeps class, code, message, causes and stack of what a function throws", async () => {
    await assert.rejects(call("fail", "permanent"), (error) => {
      assert(error instanceof PermanentError && error.cause instanceof Error);
      assert.deepEqual([error.code, error.message], ["no-good", "It never works."]);
      assert.deepEqual([error.cause.name, error.cause.message], ["TypeError", "the cause"]);
      assert.match(error.stack ?? "", /job-types\/computing\.ts:\d+/);
      return true;
    });
    await assert.rejects(call("fail", "retryable"), failsWith("busy", RetryableError));
    await assert.rejects(call("fail", "retry-after"), (error) => {
      return error instanceof RetryAfterError && "afterMs" in error.retryAfter && error.retryAfter.afterMs === 5000;
    });
    await assert.rejects(call("fail", "of another copy"), failsWith("no-good", PermanentError));
    await assert.rejects(call("fail", "with an odd pause"), failsWith("later", RetryableError));
    await assert.rejects(call("fail", "plain"), { name: "RangeError", message: "out of it", code: 42 });
    await assert.rejects(call("fail", "circle"), { message: "round" });
    assert.equal(await call("fail", "text").catch((thrown: unknown) => thrown), "not an error");
  });

  it("refuses a function that the job type lacks, and inherited names", async () => {
    await assert.rejects(call("typo"), failsWith("unknown-compute-function", PermanentError));
    await assert.rejects(call("toString"), failsWith("unknown-compute-function", PermanentError));
  });

  it("refuses for good what cannot be copied", async () => {
    await assert.rejects(
      call("echo", () => 1),
      failsWith("invalid-compute-input", PermanentError),
    );
    await assert.rejects(call("hog", "a function as output"), failsWith("invalid-compute-output", PermanentError));
  });

  for (const hog of ["a growing map", "a growing list", "a huge array", "buffers outside the heap"]) {
    it(`ends ${hog} as out of memory, and runs the next call`, async () => {
      const limits = { timeoutMs: 30_000, memoryMb: 160 };
      await assert.rejects(call("hog", hog, { limits }), failsWith("compute-out-of-memory", PermanentError));
      assert.equal(await call("double", 1), 2);
    });
  }

  for (const hog of ["a SIGKILL from outside", "a heap that V8 cannot grow"]) {
    it(`reports ${hog} as out of memory`, async () => {
      await assert.rejects(call("hog", hog), failsWith("compute-out-of-memory", PermanentError));
    });
  }

  for (const hog of ["an endless loop", "a promise that never settles"]) {
    it(`ends ${hog} as a timeout`, async () => {
      await assert.rejects(call("hog", hog), failsWith("compute-timeout", PermanentError));
    });
  }

  it("survives a process that exits, and an error that no call caught", async () => {
    await assert.rejects(call("hog", "an exit"), failsWith("compute-crashed", RetryableError));
    await assert.rejects(call("hog", "a late rejection"), failsWith("late", RetryableError));
    assert.equal(await call("double", 1), 2);
  });

  it("ends a call whose signal aborts, at work or waiting, with the reason", async () => {
    const stop = new AbortController();
    const reason = new Error("cancelled");
    const limits = { timeoutMs: 30_000, memoryMb: 160 };
    const calls = [1, 2, 3].map(() => call("hog", "an endless loop", { signal: stop.signal, limits }));
    setTimeout(() => stop.abort(reason), 100);
    for (const ended of await Promise.allSettled(calls)) {
      assert(ended.status === "rejected" && ended.reason === reason);
    }
    await assert.rejects(call("double", 1, { signal: stop.signal }), reason);
    assert.equal(await call("double", 1), 2);
  });

  it("takes turns among jobs: one that calls often does not keep another waiting", async () => {
    const order: string[] = [];
    const note = (jobId: string, ms: number) => call("spin", ms, { jobId }).then(() => order.push(jobId));
    await Promise.all([note("greedy", 300), note("greedy", 600), note("greedy", 300), note("small", 1)]);
    assert.deepEqual(order, ["greedy", "small", "greedy", "greedy"]);
  });

  it("gives one owner's jobs no more processes than it may have, and another owner's the next one", async () => {
    const narrow = aPool({ maxProcesses: 3, maxOfOwner: 1 });
    const ended: string[] = [];
    const spin = (owner: string, jobId: string, ms: number) =>
      callOn(narrow)("spin", ms, { owner, jobId }).then((pid) => ended.push(jobId) && pid);
    const pids = await Promise.all([spin("eve", "eve 1", 900), spin("eve", "eve 2", 1), spin("ada", "ada 1", 1)]);
    assert.deepEqual(ended, ["ada 1", "eve 1", "eve 2"]);
    assert.equal(new Set(pids).size, 2);
    narrow.stop();
  });

  it("runs calls with a large input in other processes, at a lower priority", async () => {
    const niceness = await Promise.all([
      call("niceness", null, { jobId: "small" }),
      call("niceness", "x".repeat(50_000), { jobId: "large" }),
    ]);
    const lowered = (by: number) => Math.min(getPriority() + by, 19);
    assert.deepEqual(niceness, [lowered(10), lowered(19)]);
  });

  it("runs calls with a large input in other processes than small ones, one after the other, too", async () => {
    const large = "x".repeat(50_000);
    const pids: unknown[] = [];
    for (const input of [null, null, large, large]) pids.push(await call("pid", input));
    assert.deepEqual([pids[1], pids[3], pids[0] === pids[2]], [pids[0], pids[2], false]);
  });

  it("sets its processes 10 below its own priority, those for a large input 19, and none below the lowest", async () => {
    // The real priority is the one of the test run, from which a process may not be raised.
    const own = sinon.stub(os, "getPriority");
    const set = sinon.stub(os, "setPriority");
    syncBuiltinESMExports();
    const fresh = aPool();
    try {
      own.returns(0);
      const [small, large] = [await callOn(fresh)("pid"), await callOn(fresh)("pid", "x".repeat(50_000))];
      own.returns(15);
      const nicest = await callOn(fresh)("pid", null, { limits: { timeoutMs: 1000, memoryMb: 161 } });
      assert.deepEqual(set.args, [
        [small, 10],
        [large, 19],
        [nicest, 19],
      ]);
    } finally {
      sinon.restore();
      syncBuiltinESMExports();
      fresh.stop();
    }
  });

  it("leaves this process's event loop free", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 10);
    await call("spin", 400);
    clearInterval(timer);
    assert(turns >= 10, `${turns} turns`);
  });
});
