import assert from "node:assert/strict";
import fc from "fast-check";
import {
  counted,
  countLimit,
  EMPTY_QUEUE,
  mayBeFull,
  takeTicket,
} from "../../../engine/src/jobs/rules/ticket-queue.ts";

describe("a line", () => {
  it("is counted as far as one read goes, and never short of the slots", () => {
    assert.deepEqual([20, 5000].map(countLimit), [1000, 5000]);
  });

  it("hands out numbers in order, the first ones as free as its capacity", () => {
    const first = takeTicket(EMPTY_QUEUE, 2);
    const second = takeTicket(first.line, 2);
    const third = takeTicket(second.line, 2);
    assert.deepEqual(
      [first, second, third].map(({ number, ahead, isFree }) => [number, ahead, isFree]),
      [
        [1, 0, true],
        [2, 1, true],
        [3, 2, false],
      ],
    );
    assert.deepEqual(third.line, { last: 3, base: 0 });
  });

  it("is worth a count only when the next number might not be free", () => {
    assert.deepEqual(
      [0, 1, 2].map((last) => mayBeFull({ last, base: 0 }, 2)),
      [false, false, true],
    );
  });

  it("moves its bound up by what a count found, and never back", () => {
    assert.deepEqual(counted({ last: 9, base: 2 }, 1, 3), { last: 9, base: 8 });
    assert.deepEqual(counted({ last: 9, base: 8 }, 2, 3), { last: 9, base: 8 });
  });

  it("learns nothing from a count that stopped at its limit", () => {
    assert.deepEqual(counted({ last: 9, base: 2 }, 3, 3), { last: 9, base: 2 });
  });

  it("never calls a number free that has as many in the line as there is capacity, and counts when asked to", () => {
    const leave = fc.nat({ max: 9 });
    const script = fc.array(fc.oneof(fc.constant("take" as const), leave), { maxLength: 60 });
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 4 }), fc.nat({ max: 3 }), (actions, capacity, further) => {
        const limit = capacity + further;
        let line = EMPTY_QUEUE;
        const inLine: number[] = [];
        for (const action of actions) {
          if (action !== "take") {
            inLine.splice(action, 1);
            continue;
          }
          const wasTight = mayBeFull(line, capacity);
          if (wasTight) line = counted(line, Math.min(inLine.length, limit), limit);
          const taken = takeTicket(line, capacity);
          assert.ok(taken.ahead >= inLine.length);
          if (wasTight && inLine.length < limit) assert.equal(taken.ahead, inLine.length);
          assert.equal(taken.isFree, inLine.length < capacity);
          inLine.push(taken.number);
          line = taken.line;
        }
        assert.deepEqual(inLine, [...new Set(inLine)]);
      }),
      { numRuns: 1000 },
    );
  });
});
