import assert from "node:assert/strict";
import type { Endpoint } from "../../../../engine/src/webhooks/rules/endpoint.ts";
import { alertOf } from "../../../../engine/src/webhooks/rules/health-alerts.ts";
import { afterAttempt } from "../../../../engine/src/webhooks/rules/health-rules.ts";
import { at, NOON } from "./deliveries.ts";
import { anEndpoint } from "./endpoints.ts";

const HOUR = 3_600_000;

/** Fails attempts at these hours, and answers the alerts and the endpoint after them. */
function failAt(hours: number[]): { told: (string | number)[][]; endpoint: Endpoint } {
  const told: (string | number)[][] = [];
  let endpoint = anEndpoint({ description: "the shop" });
  for (const hour of hours) {
    const failed = afterAttempt(endpoint, { verdict: "retry", status: 500, isProbe: true }, at(hour * HOUR));
    const after = { ...endpoint, ...failed };
    const alert = alertOf(endpoint, after, at(hour * HOUR));
    if (alert) told.push([hour, alert.kind, alert.percent ?? ""]);
    endpoint = after;
  }
  return { told, endpoint };
}

describe("the alerts of an endpoint's health", () => {
  it("announce each step on the way to being disabled once", () => {
    const hourly = Array.from({ length: 121 }, (_, hour) => hour);
    assert.deepEqual(failAt(hourly).told, [
      [60, "failing", 50],
      [84, "failing", 70],
      [108, "failing", 90],
      [120, "disabled", ""],
    ]);
  });

  it("announce each step in order, though attempts are far apart", () => {
    const told = failAt([0, 29, 58, 87, 116, 145, 146, 147, 148, 174, 175]).told;
    assert.deepEqual(told, [
      [87, "failing", 50],
      [116, "failing", 70],
      [145, "failing", 90],
      [174, "disabled", ""],
    ]);
  });

  it("announce nothing after silence", () => {
    assert.deepEqual(failAt([0, 110, 220]).told, []);
  });

  it("state the fact, since when, and what to do, without the URL", () => {
    const before = failAt([0]).endpoint;
    const { endpoint } = failAt([0, 30, 60]);
    assert.deepEqual(alertOf(before, endpoint, at(60 * HOUR)), {
      alertId: "endpoint1-failing-50-1767268800000",
      owner: "alice",
      endpointId: "endpoint1",
      kind: "failing",
      percent: 50,
      failingSince: NOON,
      message:
        "The endpoint endpoint1 (the shop) has failed every attempt since 2026-01-01T12:00:00.000Z: 50 % of the five days of attempts are over, after which it is disabled. See its deliveries for what it answers.",
      dueAt: new Date("2026-01-04T00:01:00.000Z"),
      shard: 12,
      createdAt: at(60 * HOUR),
      expireAt: new Date("2026-04-04T00:00:00.000Z"),
    });
  });

  it("announce a 410 at once", () => {
    const before = anEndpoint();
    const after = afterAttempt(before, { verdict: "gone", status: 410, isProbe: false }, NOON);
    const alert = alertOf(before, { ...before, ...after }, NOON);
    assert.equal(alert?.alertId, "endpoint1-disabled-1767268800000");
    assert.match(alert.message, /410 Gone and was disabled at once/);
  });

  it("announce a recovery after an alert, and no other", () => {
    const success = { verdict: "succeeded", status: 200, isProbe: true } as const;
    const recover = (before: Endpoint) => {
      const after: Endpoint = { ...before, ...afterAttempt(before, success, at(61 * HOUR)) };
      return alertOf(before, after, at(61 * HOUR));
    };
    const alert = recover(failAt([0, 30, 60]).endpoint);
    assert.equal(alert?.alertId, "endpoint1-recovered-1767268800000");
    assert.deepEqual(alert.failingSince, NOON);
    assert.equal(recover(failAt([0, 29, 59]).endpoint), undefined);
  });
});
