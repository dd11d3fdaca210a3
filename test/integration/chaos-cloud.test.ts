import assert from "node:assert/strict";
import { isAlive } from "../../local/is-alive.ts";
import { type FixtureCloud, startFixtureCloud } from "../support/fixture-cloud.ts";
import { waitFor } from "../support/wait-for.ts";

/** One cloud for all tests; its faults last until the test that calms it, which comes last. */
let fixture: FixtureCloud;
const lines: string[] = [];
/** Restarts of Pub/Sub until the relay published its first message, and was connected. */
let restartsBefore = 0;

/**
 * Publishes every quarter of a second until a call of `moody` with the relayed key is seen: a hostile cloud may lose
 * every single message.
 */
async function relay(key: string): Promise<void> {
  let probes = 0;
  await waitFor(`a call with the relayed key ${key}`, async () => {
    if (probes++ % 10 === 0) await fixture.publish("relay-topic", { key });
    return (await fixture.calls(`relayed-${key}`)).length > 0;
  });
}

/**
 * Publishes messages with this key until the calls of `moody` for one of them are `wanted`: its delivery attempts, in
 * ascending order.
 */
function publishUntilAttempts(key: string, wanted: string): Promise<true> {
  let published = 0;
  return waitFor(`a message that is delivered as ${wanted}`, async () => {
    published += 1;
    await fixture.publish("baton-jobs-moody", { key, number: String(published) });
    const attempts = new Map<unknown, unknown[]>();
    for (const { number, deliveryAttempt } of await fixture.calls(key)) {
      attempts.set(number, [...(attempts.get(number) ?? []), deliveryAttempt].sort());
    }
    return [...attempts.values()].some((all) => all.join() === wanted);
  });
}

describe("a hostile local cloud", () => {
  before(async () => {
    fixture = await startFixtureCloud({
      chaos: {
        seed: 42,
        duplicate: 0.3,
        reorder: 0.2,
        delay: 0.2,
        fail: 0.5,
        killEveryMs: 3_000,
        pauseFirestoreEveryMs: 4_000,
        restartPubsubEveryMs: 5_000,
      },
      maxDeliveryAttempts: 100,
      log: (source, line) => void lines.push(`${source}: ${line}`),
    });
    await relay("before");
    restartsBefore = fixture.cloud.faults().pubsubRestarts;
  });
  after(() => fixture?.stop());

  it("says which seed repeats its decisions", () => {
    assert.equal(lines[0], "chaos: faults with seed 42");
    assert.equal(fixture.cloud.faults().seed, 42);
  });

  it("delivers events twice", async () => {
    await publishUntilAttempts("twice", "1,1");
    assert.ok(fixture.cloud.faults().duplicated > 0);
  });

  it("loses the answer of functions that have done their work, and delivers again", async () => {
    await publishUntilAttempts("again", "1,2");
    assert.ok(fixture.cloud.faults().failedAfter > 0);
  });

  it("restarts Pub/Sub, and carries what is published afterwards, also by functions that were connected before", async () => {
    await waitFor("a restart", async () => fixture.cloud.faults().pubsubRestarts > restartsBefore);
    await relay("after");
  });

  it("stops Firestore for a while, and carries the events of what is written afterwards", async () => {
    await waitFor("a pause", async () => fixture.cloud.faults().firestorePauses > 0);
    await fixture.createDocument("things/after-the-pause", { name: { stringValue: "x" } });
    await waitFor("the event", async () => (await fixture.calls("after-the-pause")).length > 0);
  });

  it("kills functions, which are replaced without a pause, however often they are killed", async () => {
    const kills = await waitFor("a kill", async () => {
      const kills = Object.entries(fixture.cloud.faults().kills);
      return kills.length > 0 && kills;
    });
    for (const [name, count] of kills) {
      await waitFor(`the next process of ${name}`, async () => (fixture.cloud.stats()[name]?.restarts ?? 0) >= count);
    }
    for (let kill = 0; kill < 3; kill++) {
      const pid = await waitFor("a process", async () => fixture.cloud.functionPid("once"));
      fixture.cloud.killFunction("once", "SIGKILL");
      await waitFor("its end", async () => fixture.cloud.functionPid("once") !== pid);
    }
    await waitFor("the next process", async () => fixture.cloud.functionPid("once"));
    const deaths = lines.filter((line) => line.includes("process died"));
    assert.ok(deaths.length >= 4);
    assert.deepEqual(
      deaths.filter((line) => !line.endsWith("process died (signal SIGKILL); starting it again")),
      [],
    );
  });

  it("is a reliable cloud once it is calm, and leaves no process behind", async () => {
    await fixture.cloud.calm();
    const faults = fixture.cloud.faults();
    const pids = fixture.cloud.childPids();
    const keys = Array.from({ length: 20 }, (_, index) => `calm-${index}`);
    await Promise.all(keys.map((key) => fixture.publish("baton-jobs-moody", { key })));
    await fixture.createDocument("things/calm", { name: { stringValue: "x" } });
    for (const key of [...keys, "calm"]) {
      await waitFor(`the call with key ${key}`, async () => (await fixture.calls(key)).length > 0);
    }
    const counts = await Promise.all([...keys, "calm"].map(async (key) => (await fixture.calls(key)).length));
    assert.deepEqual(counts, Array(21).fill(1));
    assert.deepEqual(fixture.cloud.faults(), faults);
    assert.deepEqual(fixture.cloud.childPids(), pids);
    await fixture.cloud.stop();
    assert.deepEqual(pids.filter(isAlive), []);
  });
});
