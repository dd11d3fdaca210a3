import assert from "node:assert/strict";
import fc from "fast-check";
import { nextAttemptAt } from "../../../../engine/src/webhooks/rules/schedule.ts";

const FAILED_AT = new Date("2026-01-01T12:00:00.000Z");
const HOUR = 3_600_000;
/** Milliseconds after each attempt. */
const DELAYS = [5000, 300_000, 1_800_000, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

describe("the schedule of attempts", () => {
  for (const [tries, at] of [
    [1, "2026-01-01T12:00:05.000Z"],
    [2, "2026-01-01T12:05:00.000Z"],
    [3, "2026-01-01T12:30:00.000Z"],
    [4, "2026-01-01T14:00:00.000Z"],
    [5, "2026-01-01T17:00:00.000Z"],
    [6, "2026-01-01T22:00:00.000Z"],
    [7, "2026-01-02T02:00:00.000Z"],
    [8, "2026-01-02T08:00:00.000Z"],
    [9, "2026-01-02T12:00:00.000Z"],
  ] as const) {
    it(`waits until ${at} after attempt ${tries} failed at noon`, () => {
      assert.equal(nextAttemptAt(tries, FAILED_AT, 0)?.toISOString(), at);
    });
  }

  it("ends with the tenth attempt, for any Retry-After", () => {
    assert.equal(nextAttemptAt(10, FAILED_AT, 0), undefined);
    assert.equal(nextAttemptAt(10, FAILED_AT, 0.5, 60_000), undefined);
  });

  it("waits up to a fifth longer by jitter", () => {
    assert.equal(nextAttemptAt(1, FAILED_AT, 0.5)?.toISOString(), "2026-01-01T12:00:05.500Z");
    assert.equal(nextAttemptAt(1, FAILED_AT, 0.999)?.toISOString(), "2026-01-01T12:00:05.999Z");
  });

  it("gives a receiver the time it asks for, up to a day", () => {
    assert.equal(nextAttemptAt(1, FAILED_AT, 0, 120_000)?.toISOString(), "2026-01-01T12:02:00.000Z");
    assert.equal(nextAttemptAt(1, FAILED_AT, 0, 48 * HOUR)?.toISOString(), "2026-01-02T12:00:00.000Z");
  });

  it("is never shortened by a Retry-After", () => {
    assert.equal(nextAttemptAt(3, FAILED_AT, 0, 1000)?.toISOString(), "2026-01-01T12:30:00.000Z");
  });

  it("waits at least as long as the schedule and the receiver say, and never a fifth longer than both", () => {
    const given = fc.record({
      tries: fc.integer({ min: 1, max: 9 }),
      jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      retryAfterMs: fc.option(fc.integer({ min: 1, max: 48 * HOUR }), { nil: undefined }),
    });
    fc.assert(
      fc.property(given, ({ tries, jitter, retryAfterMs }) => {
        const next = nextAttemptAt(tries, FAILED_AT, jitter, retryAfterMs);
        const waitMs = (next?.getTime() ?? 0) - FAILED_AT.getTime();
        const leastMs = Math.max(DELAYS[tries - 1] ?? 0, Math.min(retryAfterMs ?? 0, 24 * HOUR));
        assert.ok(waitMs >= leastMs, `${waitMs} is shorter than ${leastMs}`);
        assert.ok(waitMs <= leastMs * 1.2 + 1, `${waitMs} is much longer than ${leastMs}`);
      }),
    );
  });
});
