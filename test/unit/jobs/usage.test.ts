import assert from "node:assert/strict";
import fc from "fast-check";
import { countSubmission, newUsage, quotasOf, type Usage } from "../../../engine/src/jobs/rules/usage.ts";
import { limits } from "../../support/jobs.ts";

const at = (time: string) => new Date(`2026-01-01T${time}Z`);
const NOON = at("12:00:20.000");

/** Counts submissions, each of which must be counted. */
function used(usage: Usage, times: number, tier = limits(), now = NOON): Usage {
  let after = usage;
  for (let i = 0; i < times; i++) {
    const counting = countSubmission(after, tier, now);
    assert.ok(counting.outcome === "counted");
    after = counting.usage;
  }
  return after;
}

describe("an owner's usage", () => {
  it("begins with the minute and the day of the clock, with nothing used", () => {
    const usage = newUsage("ann", NOON);
    assert.deepEqual(usage.minute, { startsAt: at("12:00:00.000"), jobs: 0 });
    assert.deepEqual(usage.day, { startsAt: at("00:00:00.000"), jobs: 0 });
    assert.deepEqual(usage.expireAt, new Date("2027-02-05T12:00:20.000Z"));
  });

  it("counts a submission in both windows, and says what is left until when", () => {
    const counting = countSubmission(newUsage("ann", NOON), limits({ jobsPerMinute: 3, jobsPerDay: 10 }), NOON);
    assert.ok(counting.outcome === "counted");
    assert.deepEqual(counting.quotas.minute, { limit: 3, remaining: 2, resetMs: 40_000 });
    assert.deepEqual(counting.quotas.day, { limit: 10, remaining: 9, resetMs: 43_180_000 });
  });

  it("refuses what is over the minute until the next minute", () => {
    const tier = limits({ jobsPerMinute: 2 });
    const usage = used(newUsage("ann", NOON), 2, tier);
    const counting = countSubmission(usage, tier, at("12:00:59.999"));
    assert.ok(counting.outcome === "exceeded");
    assert.deepEqual(
      [counting.quota, counting.until, counting.quotas.minute.remaining],
      ["minute", at("12:01:00.000"), 0],
    );
    assert.equal(used(usage, 2, tier, at("12:01:00.000")).day.jobs, 4);
  });

  it("names the day when both are used up", () => {
    const tier = limits({ jobsPerMinute: 2, jobsPerDay: 2 });
    const counting = countSubmission(used(newUsage("ann", NOON), 2, tier), tier, NOON);
    assert.ok(counting.outcome === "exceeded");
    assert.deepEqual([counting.quota, counting.until], ["day", new Date("2026-01-02T00:00:00.000Z")]);
  });

  it("counts the bytes of inputs by the day, and refuses one that is more than what is left until the next day", () => {
    const tier = limits({ inputBytesPerDay: 1000 });
    const first = countSubmission(newUsage("ann", NOON), tier, NOON, 600);
    assert.ok(first.outcome === "counted");
    assert.deepEqual(first.quotas.inputBytes, { limit: 1000, remaining: 400, resetMs: 43_180_000 });
    const second = countSubmission(first.usage, tier, NOON, 401);
    assert.ok(second.outcome === "exceeded");
    assert.deepEqual([second.quota, second.until], ["inputBytes", new Date("2026-01-02T00:00:00.000Z")]);
    const third = countSubmission(first.usage, tier, NOON, 400);
    assert.ok(third.outcome === "counted");
    assert.deepEqual([third.usage.day.jobs, third.usage.day.inputBytes], [2, 1000]);
    assert.equal(countSubmission(third.usage, tier, new Date("2026-01-02T00:00:00.000Z"), 1000).outcome, "counted");
  });

  it("continues a window that another clock has already begun", () => {
    const tier = limits({ jobsPerMinute: 2 });
    const ahead = used(newUsage("ann", NOON), 2, tier, at("12:01:00.500"));
    const counting = countSubmission(ahead, tier, at("12:00:59.500"));
    assert.ok(counting.outcome === "exceeded");
    assert.deepEqual([counting.until, counting.quotas.minute.resetMs], [at("12:02:00.000"), 60_500]);
  });

  it("shows less than nothing left as nothing, when a tier became smaller", () => {
    const usage = used(newUsage("ann", NOON), 5);
    assert.equal(quotasOf(usage, limits({ jobsPerMinute: 3 }), NOON).minute.remaining, 0);
  });

  it("counts no more than the limit in any window, by any clocks", () => {
    const instants = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 5 }), (times, jobsPerMinute) => {
        const tier = limits({ jobsPerMinute });
        let usage = newUsage("ann", NOON);
        const windows = new Map<number, number>();
        for (const ms of times) {
          const counting = countSubmission(usage, tier, new Date(NOON.getTime() + ms));
          if (counting.outcome === "exceeded") continue;
          usage = counting.usage;
          const startsAt = usage.minute.startsAt.getTime();
          windows.set(startsAt, (windows.get(startsAt) ?? 0) + 1);
        }
        assert.ok([...windows.values()].every((jobs) => jobs <= jobsPerMinute));
        assert.deepEqual([...windows.keys()], [...windows.keys()].sort());
      }),
      { numRuns: 1000 },
    );
  });
});
