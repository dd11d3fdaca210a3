import assert from "node:assert/strict";
import fc from "fast-check";
import {
  counted,
  countLimit,
  EMPTY_QUEUE,
  mayBeFull,
  takeTicket,
} from "../../../engine/src/jobs/rules/ticket-queue.ts";

describe("a ticket queue", () => {
  it("is counted up to what one read counts, and never below the capacity", () => {
    assert.deepEqual([20, 5000].map(countLimit), [1000, 5000]);
  });

  it("issues tickets in order; the first ones, up to its capacity, are free", () => {
    const first = takeTicket(EMPTY_QUEUE, 2);
    const second = takeTicket(first.queue, 2);
    const third = takeTicket(second.queue, 2);
    assert.deepEqual(
      [first, second, third].map(({ ticket, ahead, isFree }) => [ticket, ahead, isFree]),
      [
        [1, 0, true],
        [2, 1, true],
        [3, 2, false],
      ],
    );
    assert.deepEqual(third.queue, { last: 3, base: 0 });
  });

  it("is worth a count only when the next ticket might not be free", () => {
    assert.deepEqual(
      [0, 1, 2].map((last) => mayBeFull({ last, base: 0 }, 2)),
      [false, false, true],
    );
  });

  it("moves its bound up by what a count found, and never down", () => {
    assert.deepEqual(counted({ last: 9, base: 2 }, 1, 3), { last: 9, base: 8 });
    assert.deepEqual(counted({ last: 9, base: 8 }, 2, 3), { last: 9, base: 8 });
  });

  it("learns nothing from a count that stopped at its limit", () => {
    assert.deepEqual(counted({ last: 9, base: 2 }, 3, 3), { last: 9, base: 2 });
  });

  it("issues no free ticket above as many live ones as there is capacity, and counts when asked to", () => {
    const leave = fc.nat({ max: 9 });
    const script = fc.array(fc.oneof(fc.constant("take" as const), leave), { maxLength: 60 });
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 4 }), fc.nat({ max: 3 }), (actions, capacity, further) => {
        const limit = capacity + further;
        let queue = EMPTY_QUEUE;
        const live: number[] = [];
        for (const action of actions) {
          if (action !== "take") {
            live.splice(action, 1);
            continue;
          }
          const wasTight = mayBeFull(queue, capacity);
          if (wasTight) queue = counted(queue, Math.min(live.length, limit), limit);
          const taken = takeTicket(queue, capacity);
          assert.ok(taken.ahead >= live.length);
          if (wasTight && live.length < limit) assert.equal(taken.ahead, live.length);
          assert.equal(taken.isFree, live.length < capacity);
          live.push(taken.ticket);
          queue = taken.queue;
        }
        assert.deepEqual(live, [...new Set(live)]);
      }),
      { numRuns: 1000 },
    );
  });
});
