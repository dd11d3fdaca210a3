import assert from "node:assert/strict";
import fc from "fast-check";
import type { Endpoint } from "../../../../engine/src/webhooks/rules/endpoint.ts";
import type { EndpointHealth } from "../../../../engine/src/webhooks/rules/health.ts";
import { type AttemptEnd, afterAttempt, breakerState } from "../../../../engine/src/webhooks/rules/health-rules.ts";
import { at, NOON } from "./deliveries.ts";
import { anEndpoint } from "./endpoints.ts";

const HOUR = 3_600_000;
const FAILED: AttemptEnd = { verdict: "retry", status: 500, isProbe: false };
const SUCCEEDED: AttemptEnd = { verdict: "succeeded", status: 200, isProbe: false };

/** The health after attempts that ended at these instants; each was the probe when the pause before it was over. */
function healthAfter(ends: { ms: number; attempt?: Partial<AttemptEnd> }[], given = anEndpoint()): Endpoint {
  let endpoint = given;
  for (const { ms, attempt } of ends) {
    const isProbe = breakerState(endpoint.health, at(ms)).state === "half-open";
    endpoint = { ...endpoint, ...afterAttempt(endpoint, { ...FAILED, isProbe, ...attempt }, at(ms)) };
  }
  return endpoint;
}

const failures = (...instants: number[]) => healthAfter(instants.map((ms) => ({ ms })));
const pauseOf = ({ health }: Endpoint) => [health.pausedBy, health.pausedUntil];

describe("breakerState", () => {
  it("is closed for an endpoint that was not paused", () => {
    assert.deepEqual(breakerState({ failures: 3, alertedPercent: 0 }, NOON), { state: "closed" });
  });

  it("is open until the end of the pause", () => {
    const health: EndpointHealth = { failures: 5, alertedPercent: 0, pausedUntil: at(30_000), pausedBy: "breaker" };
    assert.deepEqual(breakerState(health, at(29_999)), { state: "open", until: at(30_000) });
  });

  it("is half-open after a pause, and open for 30 s once the probe is written", () => {
    const health: EndpointHealth = { failures: 5, alertedPercent: 0, pausedUntil: at(30_000), pausedBy: "breaker" };
    const breaker = breakerState(health, at(30_000));
    assert.ok(breaker.state === "half-open");
    assert.deepEqual(breaker.health, { ...health, pausedUntil: at(60_000) });
    assert.deepEqual(breakerState(breaker.health, at(30_000)), { state: "open", until: at(60_000) });
  });
});

describe("the breaker", () => {
  it("opens for 30 s on the fifth failure in a row", () => {
    assert.deepEqual(pauseOf(failures(0, 1, 2, 3)), [undefined, undefined]);
    assert.deepEqual(pauseOf(failures(0, 1, 2, 3, 4)), ["breaker", at(30_004)]);
  });

  it("opens for twice as long after each probe that fails, up to 10 min", () => {
    let endpoint = failures(0, 0, 0, 0, 0);
    const pauses: number[] = [];
    for (let i = 0; i < 7; i++) {
      const now = endpoint.health.pausedUntil ?? NOON;
      const after = afterAttempt(endpoint, { ...FAILED, isProbe: true }, now);
      endpoint = { ...endpoint, ...after };
      pauses.push((endpoint.health.pausedUntil?.getTime() ?? 0) - now.getTime());
    }
    assert.deepEqual(pauses, [60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000]);
  });

  it("ignores attempts that were under way when it opened", () => {
    const open = failures(0, 1, 2, 3, 4);
    assert.equal(afterAttempt(open, FAILED, at(15_000)), undefined);
  });

  it("closes with the first success", () => {
    assert.deepEqual(afterAttempt(failures(0, 1, 2, 3, 4), SUCCEEDED, at(5000)), {
      health: { failures: 0, alertedPercent: 0 },
    });
  });

  it("counts from zero after a success", () => {
    const endpoint = healthAfter([0, 1, 2, 3].map((ms) => ({ ms })));
    const mended = healthAfter([{ ms: 4, attempt: SUCCEEDED }, { ms: 5 }], endpoint);
    assert.deepEqual(mended.health, { failures: 1, failingSince: at(5), lastFailedAt: at(5), alertedPercent: 0 });
  });
});

describe("throttling", () => {
  for (const status of [429, 502, 503, 504]) {
    it(`pauses an endpoint that answers ${status}`, () => {
      assert.deepEqual(pauseOf(healthAfter([{ ms: 0, attempt: { status } }])), ["throttled", at(5000)]);
    });
  }

  it("pauses it for as long as it asks", () => {
    const asked = healthAfter([{ ms: 0, attempt: { status: 429, retryAfterMs: 120_000 } }]);
    assert.deepEqual(pauseOf(asked), ["throttled", at(120_000)]);
  });

  it("does not pause the endpoint for the Retry-After of another status", () => {
    const asked = healthAfter([{ ms: 0, attempt: { status: 500, retryAfterMs: 120_000 } }]);
    assert.deepEqual(pauseOf(asked), [undefined, undefined]);
  });

  it("doubles the pause without a Retry-After, up to a minute", () => {
    const busy = { status: 503, isProbe: true };
    const instants = [0, 10_000, 30_000, 60_000];
    const pauses = instants.map((_, index) => {
      const ends = instants.slice(0, index + 1).map((ms) => ({ ms, attempt: busy }));
      return (healthAfter(ends).health.pausedUntil?.getTime() ?? 0) - at(instants[index] ?? 0).getTime();
    });
    assert.deepEqual(pauses, [5000, 10_000, 20_000, 40_000]);
    const fifth = healthAfter([...instants, 120_000].map((ms) => ({ ms, attempt: busy })));
    assert.deepEqual(pauseOf(fifth), ["throttled", at(180_000)]);
  });

  it("is extended, and not counted, by another attempt's answer", () => {
    const paused = healthAfter([{ ms: 0, attempt: { status: 503 } }]);
    const asked = afterAttempt(paused, { ...FAILED, status: 429, retryAfterMs: 60_000 }, at(1000));
    assert.deepEqual(asked?.health, { ...paused.health, pausedUntil: at(61_000) });
    assert.equal(afterAttempt(paused, { ...FAILED, status: 429, retryAfterMs: 1000 }, at(1000)), undefined);
  });

  it("outlives the success of an attempt that was begun before, but not that of the probe", () => {
    const paused = healthAfter([{ ms: 0, attempt: { status: 429, retryAfterMs: 120_000 } }]);
    assert.deepEqual(afterAttempt(paused, SUCCEEDED, at(1000))?.health, {
      failures: 0,
      alertedPercent: 0,
      pausedUntil: at(120_000),
      pausedBy: "throttled",
    });
    const breaker = breakerState(paused.health, at(120_000));
    assert.ok(breaker.state === "half-open");
    const probed = { ...paused, health: breaker.health };
    assert.deepEqual(afterAttempt(probed, { ...SUCCEEDED, isProbe: true }, at(121_000))?.health, {
      failures: 0,
      alertedPercent: 0,
    });
  });
});

describe("being disabled", () => {
  it("comes at once with 410", () => {
    const gone = afterAttempt(anEndpoint(), { ...FAILED, status: 410, verdict: "gone" }, NOON);
    assert.deepEqual(gone?.disabled, { reason: "gone", at: NOON });
  });

  it("comes with 410 even from an attempt that was under way when the endpoint was paused", () => {
    const gone = afterAttempt(failures(0, 1, 2, 3, 4), { ...FAILED, status: 410, verdict: "gone" }, at(1000));
    assert.deepEqual(gone?.disabled, { reason: "gone", at: at(1000) });
  });

  const everyHours = (step: number, until: number) =>
    Array.from({ length: Math.floor(until / step) + 1 }, (_, index) => index * step * HOUR);

  it("comes when every attempt failed in five days of attempts", () => {
    const hourly = everyHours(1, 119);
    assert.equal(failures(...hourly, 120 * HOUR - 1).disabled, undefined);
    assert.deepEqual(failures(...hourly, 120 * HOUR).disabled, { reason: "failing", at: at(120 * HOUR) });
  });

  it("does not come by silence", () => {
    const { disabled, health } = failures(0, 144 * HOUR);
    assert.equal(disabled, undefined);
    assert.deepEqual([health.failures, health.alertedPercent, health.failedMs], [2, 0, undefined]);
  });

  it("does not come by single failures that are two days apart, however many", () => {
    const { disabled, health } = failures(...everyHours(48, 4800));
    assert.deepEqual([disabled, health.alertedPercent], [undefined, 0]);
  });

  it("counts attempts before and after a silence, and not the silence", () => {
    const week = 168;
    const hours = [...everyHours(4, 60), ...everyHours(4, 60).map((ms) => ms + week * HOUR)];
    assert.equal(failures(...hours.slice(0, -1)).disabled, undefined);
    assert.deepEqual(failures(...hours).disabled, { reason: "failing", at: at((week + 60) * HOUR) });
  });

  it("comes after ten failures at the earliest", () => {
    const daily = [0, 30, 60, 84, 108, 114, 120].map((hour) => hour * HOUR);
    assert.equal(failures(...daily).disabled, undefined);
    assert.equal(failures(...daily, 121 * HOUR, 122 * HOUR).disabled, undefined);
    assert.deepEqual(failures(...daily, 121 * HOUR, 122 * HOUR, 123 * HOUR).disabled, {
      reason: "failing",
      at: at(123 * HOUR),
    });
  });

  it("comes after each warning, though attempts are a day apart", () => {
    const told = everyHours(25, 300).map(
      (_, index, hours) => failures(...hours.slice(0, index + 1)).health.alertedPercent,
    );
    assert.deepEqual(told.slice(0, 8), [0, 0, 0, 50, 70, 90, 90, 90]);
    assert.equal(failures(...everyHours(25, 200)).disabled, undefined);
    assert.equal(failures(...everyHours(25, 225)).disabled?.reason, "failing");
  });

  it("is as near as the last alert of an older version", () => {
    const health = { failures: 30, failingSince: NOON, alertedPercent: 90 };
    const later = (ms: number[]) =>
      healthAfter(
        ms.map((one) => ({ ms: one })),
        anEndpoint({ health }),
      ).disabled;
    assert.equal(later([0, 11 * HOUR]), undefined);
    assert.deepEqual(later([0, 12 * HOUR]), { reason: "failing", at: at(12 * HOUR) });
  });

  it("does not come nearer by a clock that goes back, and continues after one that was far ahead", () => {
    assert.equal(failures(10 * HOUR, 5 * HOUR, 10 * HOUR).health.failedMs, undefined);
    const ahead = failures(0, 9000 * HOUR, HOUR, 2 * HOUR).health;
    assert.deepEqual([ahead.failedMs, ahead.lastFailedAt], [3_600_000, at(2 * HOUR)]);
  });

  it("does not come to an endpoint that succeeded once in between", () => {
    const endpoint = healthAfter([
      { ms: 0 },
      { ms: 60 * HOUR, attempt: SUCCEEDED },
      { ms: 61 * HOUR },
      { ms: 120 * HOUR },
    ]);
    assert.equal(endpoint.disabled, undefined);
  });

  it("keeps the reason it has", () => {
    const disabled = { reason: "owner" as const, at: NOON };
    const after = afterAttempt(anEndpoint({ disabled }), { ...FAILED, verdict: "gone" }, at(1000));
    assert.equal(after?.disabled, undefined);
  });

  for (const [hours, percent] of [
    [0, 0],
    [59, 0],
    [60, 50],
    [83, 50],
    [84, 70],
    [107, 70],
    [108, 90],
    [119, 90],
    [120, 100],
  ] as const) {
    it(`is ${percent} % near after ${hours} hours of failures`, () => {
      assert.equal(failures(...everyHours(1, hours)).health.alertedPercent, percent);
    });
  }
});

describe("the alerted step", () => {
  it("is not taken back by a process whose clock is behind", () => {
    const told = failures(0, 30 * HOUR, 60 * HOUR);
    assert.equal(afterAttempt(told, FAILED, at(60 * HOUR - 1000))?.health.alertedPercent, 50);
  });
});

describe("an endpoint's health, for any sequence of attempts", () => {
  const ends = fc.array(
    fc.record({
      afterMs: fc.oneof(fc.constantFrom(0, 1, 30_000), fc.integer({ min: 0, max: 40 * HOUR })),
      verdict: fc.constantFrom("retry" as const, "retry" as const, "failed" as const, "succeeded" as const),
      status: fc.constantFrom(200, 429, 500, 503),
      retryAfterMs: fc.constantFrom(0, 1000, 24 * HOUR),
    }),
    { maxLength: 60 },
  );

  it("never costs a write for a success while it is healthy", () => {
    assert.equal(afterAttempt(anEndpoint(), SUCCEEDED, NOON), undefined);
  });

  it("is never alerted twice of one step, nor backwards, before it recovers; and is never paused for over a day", () => {
    fc.assert(
      fc.property(ends, (given) => {
        let endpoint = anEndpoint();
        let now = NOON;
        for (const { afterMs, retryAfterMs, ...end } of given) {
          now = new Date(now.getTime() + afterMs);
          const isProbe = breakerState(endpoint.health, now).state === "half-open";
          const asked = retryAfterMs > 0 ? { retryAfterMs } : {};
          const after = afterAttempt(endpoint, { ...end, ...asked, isProbe }, now);
          if (!after) continue;
          if (end.verdict === "succeeded") assert.equal(after.health.failures, 0);
          else assert.ok(after.health.alertedPercent >= endpoint.health.alertedPercent);
          const steps = [0, 50, 70, 90, 100];
          const [before, told] = [endpoint, after].map(({ health }) => steps.indexOf(health.alertedPercent));
          assert.ok(told === 0 || told === before || told === (before ?? 0) + 1);
          if (after.disabled && end.verdict !== "succeeded" && !endpoint.disabled) {
            assert.ok(after.health.failures >= 10 && endpoint.health.alertedPercent === 90);
            assert.ok(now.getTime() - (after.health.failingSince?.getTime() ?? 0) >= 120 * HOUR);
          }
          assert.equal(after.health.failingSince === undefined, after.health.failures === 0);
          assert.ok((after.health.pausedUntil?.getTime() ?? 0) <= now.getTime() + 24 * HOUR);
          endpoint = { ...endpoint, ...after };
        }
      }),
      { numRuns: 300 },
    );
  });
});
