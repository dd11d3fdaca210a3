import assert from "node:assert/strict";
import { beginsHeld, deliveryPolicy, stopOf } from "../../../../engine/src/webhooks/rules/delivery-policy.ts";
import type { DisabledReason, Endpoint } from "../../../../engine/src/webhooks/rules/endpoint.ts";
import { at, NOON } from "./deliveries.ts";
import { anEndpoint } from "./endpoints.ts";

const paused = (ms: number): Partial<Endpoint> => ({
  health: { failures: 5, alertedPercent: 0, pausedUntil: at(ms), pausedBy: "breaker" },
});
const disabled = (reason: DisabledReason): Partial<Endpoint> => ({ disabled: { reason, at: NOON } });

const HOLD = { action: "hold", states: ["pending", "sending"] };
const CANCEL = { action: "cancel", states: ["pending", "sending"] };
const CANCEL_HELD_TOO = { action: "cancel", states: ["pending", "sending", "held"] };

describe("deliveryPolicy", () => {
  it("sends to an enabled endpoint that is not paused", () => {
    assert.deepEqual(deliveryPolicy(anEndpoint(), NOON), { action: "send" });
  });

  it("postpones until the end of a pause", () => {
    assert.deepEqual(deliveryPolicy(anEndpoint(paused(9000)), NOON), { action: "postpone", until: at(9000) });
  });

  it("lets one delivery probe after a pause, and the others wait 30 s", () => {
    assert.deepEqual(deliveryPolicy(anEndpoint(paused(0)), NOON), { action: "probe", until: at(30_000) });
  });

  const stops: [string, Endpoint | undefined, object][] = [
    ["holds what is pending when the owner disabled the endpoint", anEndpoint(disabled("owner")), HOLD],
    ["holds what is pending when failures disabled the endpoint", anEndpoint(disabled("failing")), HOLD],
    ["cancels what is pending when the endpoint answered 410", anEndpoint(disabled("gone")), CANCEL],
    ["cancels what is pending or held when the endpoint was deleted", undefined, CANCEL_HELD_TOO],
    ["holds at an endpoint that is paused and disabled", anEndpoint({ ...paused(9000), ...disabled("owner") }), HOLD],
  ];
  for (const [title, endpoint, stop] of stops) {
    it(title, () => {
      assert.deepEqual(deliveryPolicy(endpoint, NOON), stop);
      assert.deepEqual(stopOf(endpoint), stop);
    });
  }

  it("stops nothing at a paused endpoint", () => {
    assert.equal(stopOf(anEndpoint(paused(9000))), undefined);
  });

  it("begins deliveries as held at every disabled endpoint, one that answered 410 too, and at no other", () => {
    const reasons = ["owner", "failing", "gone"] as const;
    assert.deepEqual(
      reasons.map((reason) => beginsHeld(anEndpoint(disabled(reason)))),
      [true, true, true],
    );
    assert.deepEqual([beginsHeld(anEndpoint()), beginsHeld(anEndpoint(paused(9000)))], [false, false]);
  });
});
