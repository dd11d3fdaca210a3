import assert from "node:assert/strict";
import { createFates } from "../../../../local/chaos/fates.ts";
import { describeFaults, noFaults } from "../../../../local/chaos/fault-counts.ts";
import { randomStream } from "../../../../local/chaos/random.ts";

const OPTIONS = { seed: 42, duplicate: 0.2, reorder: 0.2, delay: 0.2, dropTrigger: 0.1, fail: 0.1, cutTime: 0.1 };
const UNHARMED = { isDropped: false };

/** The answers of `next`, so many times. */
function take<T>(count: number, next: () => T): T[] {
  return Array.from({ length: count }, next);
}

describe("a stream of random numbers", () => {
  it("is the same for the same seed and purpose", () => {
    const numbers = [0.7759659355506301, 0.3109940900467336, 0.7617348954081535, 0.8237130946945399];
    assert.deepEqual(take(4, randomStream(42, "worker/duplicate")), numbers);
    assert.deepEqual(take(4, randomStream(42, "worker/duplicate")), numbers);
  });

  it("is another one for another purpose or another seed", () => {
    assert.deepEqual(take(2, randomStream(42, "api/duplicate")), [0.8680211442988366, 0.9201714205555618]);
    assert.notDeepEqual(take(2, randomStream(43, "api/duplicate")), [0.8680211442988366, 0.9201714205555618]);
  });
});

describe("the fates of a function's events", () => {
  it("are the same for the same seed", () => {
    const { nextArrival, nextDelivery } = createFates("worker", "pubsub", OPTIONS);
    assert.deepEqual(take(8, nextArrival), [
      UNHARMED,
      { isDropped: false, overtakenBy: 2 },
      UNHARMED,
      { isDropped: false, overtakenBy: 1, delayMs: 113 },
      { isDropped: false, copyAfterMs: 617, delayMs: 105 },
      { isDropped: false, copyAfterMs: 506, overtakenBy: 2, delayMs: 163 },
      UNHARMED,
      { isDropped: false, copyAfterMs: 794 },
    ]);
    assert.deepEqual(take(14, nextDelivery), [
      ...take(5, () => ({})),
      { cutAfterMs: 952 },
      ...take(5, () => ({})),
      { fails: "before" },
      { fails: "after" },
      { cutAfterMs: 20 },
    ]);
  });

  it("do not change when another fault is wanted as well, or another function's events come between", () => {
    const one = createFates("worker", "pubsub", { seed: 42, duplicate: 0.2 });
    const all = createFates("worker", "pubsub", OPTIONS);
    const other = createFates("notify", "firestore", OPTIONS);
    const copies = take(8, () => {
      other.nextArrival();
      return [one.nextArrival().copyAfterMs, all.nextArrival().copyAfterMs];
    });
    const none = [undefined, undefined];
    assert.deepEqual(copies, [none, none, none, none, [617, 617], [506, 506], none, [794, 794]]);
  });

  it("are as frequent as they were asked for", () => {
    const { nextArrival, nextDelivery } = createFates("notify", "firestore", OPTIONS);
    const arrivals = take(10_000, nextArrival);
    const deliveries = take(10_000, nextDelivery);
    const counts = [
      arrivals.filter(({ isDropped }) => isDropped).length,
      arrivals.filter(({ copyAfterMs }) => copyAfterMs !== undefined).length,
      arrivals.filter(({ overtakenBy }) => overtakenBy !== undefined).length,
      arrivals.filter(({ delayMs }) => delayMs !== undefined).length,
      deliveries.filter(({ fails }) => fails === "before").length,
      deliveries.filter(({ fails }) => fails === "after").length,
      deliveries.filter(({ cutAfterMs }) => cutAfterMs !== undefined).length,
    ];
    assert.deepEqual(
      counts.map((count) => Math.round(count / 100)),
      [10, 20, 19, 20, 4, 5, 10],
    );
  });

  it("lose only Firestore events", () => {
    const options = { seed: 42, dropTrigger: 1 };
    const fates = (["pubsub", "schedule", "firestore"] as const).map((kind) => createFates("f", kind, options));
    assert.deepEqual(
      fates.map(({ nextArrival }) => nextArrival().isDropped),
      [false, false, true],
    );
  });

  it("put a second call of a schedule beside the first, and never out of order", () => {
    const { nextArrival } = createFates("sweep", "schedule", { seed: 42, duplicate: 1, reorder: 1 });
    assert.deepEqual(nextArrival(), { isDropped: false, copyAfterMs: 0 });
  });
});

describe("the counts of faults", () => {
  it("read as one line, without what never happened", () => {
    const counts = { ...noFaults(42), duplicated: 3, droppedTriggers: 1, kills: { api: 2, worker: 1 } };
    assert.equal(
      describeFaults(counts),
      "Faults with seed 42: duplicated 3, dropped triggers 1, api killed 2, worker killed 1",
    );
    assert.equal(describeFaults(noFaults(7)), "Faults with seed 7: none");
  });
});
