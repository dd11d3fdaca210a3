import assert from "node:assert/strict";
import sinon from "sinon";
import type { BridgeEvent, SettledOutcome } from "../../../../local/bridge/delivery.ts";
import type { Arrival, Delivery } from "../../../../local/chaos/fates.ts";
import { noFaults } from "../../../../local/chaos/fault-counts.ts";
import { faultyDeliverer } from "../../../../local/chaos/faulty-deliverer.ts";
import { faultySend } from "../../../../local/chaos/faulty-send.ts";

const REQUEST = { headers: {}, body: new Uint8Array() };
const UNHARMED: Arrival = { isDropped: false };
const STATS = {
  delivered: 0,
  failed: 0,
  retried: 0,
  dropped: 0,
  expired: 0,
  deadLettered: 0,
  inFlight: 0,
  maxInFlight: 0,
};

/** A faulty deliverer before one that only keeps what it accepts, with the fates of the first events. */
function delivererWith(fates: Arrival[]) {
  const accepted: BridgeEvent[] = [];
  const calming = new AbortController();
  const counts = noFaults(1);
  const deliverer = faultyDeliverer(
    {
      accept: (event) => void accepted.push(event),
      size: () => accepted.length,
      stats: () => ({ ...STATS, waiting: accepted.length }),
      forget: () => accepted.length,
      stop: async () => {},
    },
    () => fates.shift() ?? UNHARMED,
    { counts, calm: calming.signal },
  );
  const settled: Array<[string, SettledOutcome]> = [];
  return {
    deliverer,
    counts,
    calming,
    settled,
    accept: (id: string) =>
      deliverer.accept({ id, request: () => REQUEST, settled: (outcome) => void settled.push([id, outcome]) }),
    accepted: () => accepted.map(({ id }) => id),
    settle: (id: string) => accepted.find((event) => event.id === id)?.settled("delivered", 1),
  };
}

describe("a deliverer with faults", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  it("accepts a doubled event at once and its copy later, and settles it once", () => {
    const { accept, accepted, settle, settled, counts } = delivererWith([{ isDropped: false, copyAfterMs: 300 }]);
    accept("a");
    clock.tick(299);
    assert.deepEqual(accepted(), ["a"]);
    clock.tick(1);
    assert.deepEqual(accepted(), ["a", "a (copy)"]);
    settle("a (copy)");
    assert.deepEqual(settled, []);
    settle("a");
    assert.deepEqual(settled, [["a", "delivered"]]);
    assert.equal(counts.duplicated, 1);
  });

  it("holds a delayed event back for its time", () => {
    const { deliverer, accept, accepted, counts } = delivererWith([{ isDropped: false, delayMs: 2_000 }]);
    accept("a");
    accept("b");
    assert.deepEqual(accepted(), ["b"]);
    assert.equal(deliverer.size(), 2);
    assert.equal(deliverer.stats().waiting, 2);
    clock.tick(2_000);
    assert.deepEqual(accepted(), ["b", "a"]);
    assert.equal(counts.delayed, 1);
  });

  it("lets a reordered event wait until later ones are done, not earlier ones", () => {
    const { accept, accepted, settle, counts } = delivererWith([UNHARMED, { isDropped: false, overtakenBy: 2 }]);
    for (const id of ["early", "held", "late 1", "late 2"]) accept(id);
    settle("early");
    settle("late 1");
    assert.deepEqual(accepted(), ["early", "late 1", "late 2"]);
    settle("late 2");
    assert.deepEqual(accepted(), ["early", "late 1", "late 2", "held"]);
    assert.equal(counts.reordered, 1);
  });

  it("releases a reordered event after 2 s when nothing overtakes it, and then delays it if it must", () => {
    const { accept, accepted } = delivererWith([{ isDropped: false, overtakenBy: 1, delayMs: 500 }]);
    accept("a");
    clock.tick(2_499);
    assert.deepEqual(accepted(), []);
    clock.tick(1);
    assert.deepEqual(accepted(), ["a"]);
  });

  it("never delivers an event that is dropped", () => {
    const { deliverer, accept, accepted, settled, counts } = delivererWith([{ isDropped: true, copyAfterMs: 10 }]);
    accept("a");
    clock.tick(60_000);
    assert.deepEqual(accepted(), []);
    assert.deepEqual(settled, [["a", "dropped"]]);
    assert.equal(deliverer.size(), 0);
    assert.equal(counts.droppedTriggers, 1);
  });

  it("hands over at once what it holds when it becomes calm, and holds nothing afterwards", () => {
    const held = { isDropped: false, overtakenBy: 3, delayMs: 1_000 };
    const { accept, accepted, calming } = delivererWith([held, { isDropped: false, copyAfterMs: 900 }, held]);
    accept("a");
    accept("b");
    calming.abort();
    assert.deepEqual(accepted(), ["b", "a", "b (copy)"]);
    accept("c");
    assert.deepEqual(accepted(), ["b", "a", "b (copy)", "c"]);
  });

  it("forgets what it holds, together with what the deliverer holds", () => {
    const { deliverer, accept, accepted } = delivererWith([{ isDropped: false, delayMs: 10 }]);
    accept("a");
    accept("b");
    assert.equal(deliverer.forget(), 2);
    clock.tick(60_000);
    assert.deepEqual(accepted(), ["b"]);
  });
});

/** A function that answers 204 after 100 ms, seen through faults. */
function sendWith(fate: Delivery) {
  const calming = new AbortController();
  const counts = noFaults(1);
  const work = sinon.spy();
  const send = faultySend(
    (_request, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        setTimeout(() => {
          work();
          resolve(204);
        }, 100);
      }),
    () => fate,
    { counts, calm: calming.signal },
  );
  return { answer: send(REQUEST, new AbortController().signal), work, counts, calming };
}

describe("a delivery with faults", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  it("is 503 without reaching the function when it fails before", async () => {
    const { answer, work, counts } = sendWith({ fails: "before", cutAfterMs: 1 });
    assert.equal(await answer, 503);
    await clock.tickAsync(200);
    assert.equal(work.callCount, 0);
    assert.deepEqual([counts.failedBefore, counts.failedAfter, counts.cut], [1, 0, 0]);
  });

  it("is 503 although the function has done its work when it fails after", async () => {
    const { answer, work, counts } = sendWith({ fails: "after" });
    await clock.tickAsync(100);
    assert.equal(await answer, 503);
    assert.equal(work.callCount, 1);
    assert.deepEqual([counts.failedBefore, counts.failedAfter, counts.cut], [0, 1, 0]);
  });

  it("is cut off while the function continues to work", async () => {
    const { answer, work, counts } = sendWith({ cutAfterMs: 99 });
    const refused = assert.rejects(answer, { message: "cut off after 99 ms" });
    await clock.tickAsync(99);
    await refused;
    assert.equal(work.callCount, 0);
    await clock.tickAsync(1);
    assert.equal(work.callCount, 1);
    assert.equal(counts.cut, 1);
  });

  it("is not cut off when the function was faster", async () => {
    const { answer, counts } = sendWith({ cutAfterMs: 101 });
    await clock.tickAsync(1_000);
    assert.equal(await answer, 204);
    assert.equal(counts.cut, 0);
  });

  for (const fate of [{ fails: "after" }, { cutAfterMs: 50 }] as const) {
    it(`goes well when it became calm before ${JSON.stringify(fate)} could happen`, async () => {
      const { answer, counts, calming } = sendWith(fate);
      calming.abort();
      await clock.tickAsync(100);
      assert.equal(await answer, 204);
      assert.deepEqual([counts.failedAfter, counts.cut], [0, 0]);
    });
  }
});
