import assert from "node:assert/strict";
import sinon from "sinon";
import type { BridgeStats } from "../../../../local/bridge/bridge.ts";
import { noFaults } from "../../../../local/chaos/fault-counts.ts";
import type { ChaosOptions } from "../../../../local/chaos/options.ts";
import { startProcessFaults } from "../../../../local/chaos/process-faults.ts";
import type { Child } from "../../../../local/children.ts";
import type { FunctionProcess } from "../../../../local/functions/function-process.ts";

/** The events in order, each with its millisecond. */
let events: Array<[number, string]>;
let clock: sinon.SinonFakeTimers;

function functionNamed(name: string, pid: number | undefined, readyAfterMs = 0): FunctionProcess {
  const spec = {
    name,
    entryPoint: name,
    folder: "/",
    timeoutMs: 1_000,
    concurrency: 1,
    maxInstances: 1,
    memoryMb: 256,
    region: "us-central1",
    secrets: [],
    trigger: { kind: "https" },
  } as const;
  return {
    spec: { ...spec, secrets: [] },
    pid: () => pid,
    restarts: () => 0,
    async socketPath() {
      if (readyAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, readyAfterMs));
      return "/socket";
    },
    start: async () => {},
    reload: async () => {},
    warm: async () => {},
    kill: async (signal) => note(`${signal} ${name}`),
    replace: async () => (pid === undefined ? undefined : frozenChild(name, pid)),
    stop: async () => {},
  };
}

function frozenChild(name: string, pid: number): Child {
  return {
    name,
    pid,
    ended: new Promise(() => {}),
    lastLines: () => [],
    kill: (signal) => note(`${signal} ${name}`),
    stop: async () => note(`stop ${name}`),
  };
}

function note(what: string): void {
  events.push([Date.now(), what]);
}

/** The bridge's counts for functions, of which those named are at work. */
function statsOf(atWork: string[]): Record<string, BridgeStats> {
  const idle = { delivered: 0, failed: 0, retried: 0, dropped: 0, expired: 0, deadLettered: 0, inFlight: 0 };
  const rest = { maxInFlight: 1, waiting: 0, restarts: 0 };
  const names = ["baton-api", "baton-worker", "baton-worker-heavy"];
  return Object.fromEntries(names.map((name) => [name, { ...idle, ...rest, inFlight: atWork.includes(name) ? 1 : 0 }]));
}

function startFaults(
  options: ChaosOptions,
  { workers = ["baton-worker"], atWork = [] as string[], readyAfterMs = 0 } = {},
) {
  const calming = new AbortController();
  const counts = noFaults(42);
  const targets = {
    functions: [
      functionNamed("baton-api", 1),
      ...workers.map((name, index) => functionNamed(name, 2 + index, readyAfterMs)),
      functionNamed("restarting", undefined),
    ],
    firestore: { pause: () => note("pause"), resume: () => note("resume") },
    pubsub: {
      async restart(whileDown: () => void) {
        note("down");
        whileDown();
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        note("up");
      },
    },
    bridge: { losePubsub: () => 7, restorePubsub: async () => note("restored"), stats: () => statsOf(atWork) },
  };
  const ended = startProcessFaults({ seed: 42, ...options }, targets, { counts, calm: calming.signal }, () => {});
  return { calming, counts, ended };
}

describe("the faults of processes", () => {
  beforeEach(() => {
    events = [];
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  it("freeze a worker while another is in its place, resume it for a moment, and end it", async () => {
    const { calming, counts, ended } = startFaults({ freezeEveryMs: 4_000 });
    await clock.tickAsync(14_000);
    calming.abort();
    await ended;
    assert.deepEqual(events, [
      [4_350, "SIGSTOP baton-worker"],
      [9_900, "SIGCONT baton-worker"],
      [11_900, "stop baton-worker"],
    ]);
    assert.equal(counts.freezes, 1);
  });

  it("let a worker stand still for as long after the other one is ready", async () => {
    const { calming, ended } = startFaults({ freezeEveryMs: 4_000 }, { readyAfterMs: 3_000 });
    await clock.tickAsync(15_000);
    calming.abort();
    await ended;
    assert.deepEqual(events, [
      [4_350, "SIGSTOP baton-worker"],
      [12_900, "SIGCONT baton-worker"],
      [14_900, "stop baton-worker"],
    ]);
  });

  it("freeze a worker that is at work before one that is idle", async () => {
    const workers = ["baton-worker", "baton-worker-heavy"];
    for (const name of workers) {
      events = [];
      const { calming, counts, ended } = startFaults({ freezeEveryMs: 100 }, { workers, atWork: ["baton-api", name] });
      await clock.tickAsync(100_000);
      calming.abort();
      await ended;
      assert.deepEqual(
        [...new Set(events.map(([, what]) => what))],
        [`SIGSTOP ${name}`, `SIGCONT ${name}`, `stop ${name}`],
      );
      assert.ok(counts.freezes > 8, `${counts.freezes}`);
    }
  });

  it("resume a frozen worker as soon as it is calm", async () => {
    const { calming, ended } = startFaults({ freezeEveryMs: 4_000 });
    await clock.tickAsync(6_000);
    calming.abort();
    await ended;
    assert.deepEqual(
      events.map(([, what]) => what),
      ["SIGSTOP baton-worker", "SIGCONT baton-worker", "stop baton-worker"],
    );
  });

  it("kill one function after the other, the same ones for the same seed, and none that is not there", async () => {
    const { calming, counts, ended } = startFaults({ killEveryMs: 3_000 });
    await clock.tickAsync(30_000);
    calming.abort();
    await ended;
    assert.deepEqual(events, [
      [7_416, "SIGKILL baton-worker"],
      [11_319, "SIGKILL baton-worker"],
      [13_981, "SIGKILL baton-api"],
      [16_788, "SIGKILL baton-api"],
      [19_372, "SIGKILL baton-worker"],
    ]);
    assert.deepEqual(counts.kills, { "baton-worker": 3, "baton-api": 2 });
  });

  it("freeze Firestore for 1 to 3 s and resume it", async () => {
    const { calming, counts, ended } = startFaults({ pauseFirestoreEveryMs: 10_000 });
    await clock.tickAsync(25_000);
    calming.abort();
    await ended;
    assert.deepEqual(events, [
      [10_297, "pause"],
      [11_468, "resume"],
      [19_031, "pause"],
      [21_179, "resume"],
    ]);
    assert.equal(counts.firestorePauses, 2);
  });

  it("resume Firestore as soon as it is calm", async () => {
    const { calming, ended } = startFaults({ pauseFirestoreEveryMs: 10 });
    await clock.tickAsync(20);
    assert.deepEqual(
      events.map(([, what]) => what),
      ["pause"],
    );
    calming.abort();
    await ended;
    assert.deepEqual(
      events.map(([, what]) => what),
      ["pause", "resume"],
    );
  });

  it("count the messages Pub/Sub loses, and are over only when its topics are there again", async () => {
    const { calming, counts, ended } = startFaults({ restartPubsubEveryMs: 2_000 });
    await clock.tickAsync(3_000);
    assert.deepEqual(
      events.map(([, what]) => what),
      ["down"],
    );
    calming.abort();
    const isOver = sinon.fake();
    void ended.then(isOver);
    await clock.tickAsync(900);
    assert.equal(isOver.called, false);
    await clock.tickAsync(60_000);
    await ended;
    assert.deepEqual(
      events.map(([, what]) => what),
      ["down", "up", "restored"],
    );
    assert.deepEqual([counts.pubsubRestarts, counts.lostMessages], [1, 7]);
  });

  it("are none when none is wanted", async () => {
    await startFaults({}).ended;
    assert.deepEqual(events, []);
  });
});
