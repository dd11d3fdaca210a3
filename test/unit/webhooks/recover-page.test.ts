import assert from "node:assert/strict";
import sinon from "sinon";
import { recoverPage } from "../../../engine/src/webhooks/deliver/recover-page.ts";
import type { DeliveryState } from "../../../engine/src/webhooks/rules/delivery.ts";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import type { Recovery } from "../../../engine/src/webhooks/rules/recovery.ts";
import { aSender, ENDPOINT_SECRET, letPass } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { at, NOON, WANTED } from "./rules/deliveries.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const ID = "rrrrrrrrrrrrrrrrrrrr";

/** A recovery of what was created from a minute before noon to noon. */
function aRecovery(given: Partial<Recovery> = {}): Recovery {
  return {
    recoveryId: ID,
    owner: "alice",
    endpointId: "endpoint1",
    since: at(-60_000),
    until: NOON,
    state: "running",
    seen: 0,
    resent: 0,
    nextSlotAt: NOON,
    dueAt: NOON,
    shard: 1,
    createdAt: NOON,
    updatedAt: at(-1),
    expireAt: at(1_000_000_000),
    ...given,
  };
}

/** A sender with a recovery and these deliveries to its endpoint, one created each tenth of a second before noon. */
function setup(given: DeliveryState[], endpoint: Parameters<typeof anEndpoint>[0] = {}) {
  const sender = aSender();
  sender.ports.endpoints.put(anEndpoint(endpoint), [ENDPOINT_SECRET]);
  sender.ports.recoveries.put(aRecovery());
  sender.keep(aResult());
  for (const [index, state] of given.entries()) {
    const deliveryId = `msg_${String(index).padStart(32, "0")}`;
    const delivery = newDelivery({ ...WANTED, deliveryId }, { state: "held" }, at((index - given.length) * 100));
    sender.ports.deliveries.put({ ...delivery, state, tries: 10, attemptCount: 10 });
  }
  const states = () => sender.ports.deliveries.all().map(({ state, nextAttemptAt }) => [state, nextAttemptAt]);
  const progress = async () => {
    const { state, seen, resent } = (await sender.ports.recoveries.read(ID)) ?? {};
    return { state, seen, resent };
  };
  return { ...sender, states, progress };
}

describe("recoverPage", () => {
  it("sends the missed deliveries again, one after another, and leaves the others", async () => {
    const sender = setup(["failed", "succeeded", "held", "sending", "cancelled"]);
    await sender.clock.runUntil(recoverPage(sender.ports, ID));
    assert.deepEqual(sender.states(), [
      ["pending", NOON],
      ["succeeded", undefined],
      ["pending", at(200)],
      ["sending", undefined],
      ["pending", at(400)],
    ]);
    assert.deepEqual(await sender.progress(), { state: "complete", seen: 5, resent: 3 });
    assert.equal((await sender.ports.recoveries.read(ID))?.dueAt, undefined);
  });

  it("keeps to the endpoint's rate", async () => {
    const sender = setup(["failed", "failed"], { rateLimit: 0.5 });
    await sender.clock.runUntil(recoverPage(sender.ports, ID));
    assert.deepEqual(sender.states()[1], ["pending", at(2000)]);
  });

  it("recovers page after page, until all have succeeded", async () => {
    const sender = setup(Array.from({ length: 250 }, () => "failed"));
    await sender.clock.runUntil(recoverPage(sender.ports, ID));
    assert.equal(sender.clock.now().toISOString(), "2026-01-01T12:00:19.800Z");
    assert.deepEqual(sender.ports.publisher.publishDelivery.lastCall.args, [{ recoveryId: ID }]);
    assert.equal(sender.ports.publisher.publishDelivery.callCount, 101);
    assert.deepEqual(await sender.progress(), { state: "running", seen: 100, resent: 100 });
    await letPass(sender, 180_000);
    assert.deepEqual(await sender.progress(), { state: "complete", seen: 250, resent: 250 });
    const states = new Set(sender.states().map(([state]) => state));
    assert.deepEqual([...states], ["succeeded"]);
    assert.equal(sender.posted.length, 250);
  });

  it("recovers each page once for two concurrent callers", async () => {
    const sender = setup(["failed", "failed"]);
    const apply = sinon.spy(sender.ports.deliveries.apply);
    const ports = { ...sender.ports, deliveries: { ...sender.ports.deliveries, apply } };
    await sender.clock.runUntil(Promise.all([recoverPage(ports, ID), recoverPage(ports, ID)]));
    assert.deepEqual(await sender.progress(), { state: "complete", seen: 2, resent: 2 });
    assert.equal(apply.callCount, 2);
  });

  it("completes when its endpoint is disabled, deleted, or another owner's", async () => {
    const disabled = { reason: "owner" as const, at: NOON };
    for (const endpoint of [{ disabled }, { endpointId: "another" }, { owner: "bob" }]) {
      const sender = setup(["failed"], endpoint);
      await sender.clock.runUntil(recoverPage(sender.ports, ID));
      assert.deepEqual(await sender.progress(), { state: "complete", seen: 0, resent: 0 });
      assert.deepEqual(sender.states(), [["failed", undefined]]);
    }
  });

  it("does nothing for a completed recovery, or without one", async () => {
    const sender = setup(["failed"]);
    sender.ports.recoveries.put(aRecovery({ state: "complete" }));
    await sender.clock.runUntil(recoverPage(sender.ports, ID));
    await recoverPage(sender.ports, "qqqqqqqqqqqqqqqqqqqq");
    assert.deepEqual(sender.states(), [["failed", undefined]]);
  });

  it("is repeated by the sweep when its process died", async () => {
    const sender = setup(["failed"]);
    const died = async () => {
      throw new Error("the process died");
    };
    const deliveries = { ...sender.ports.deliveries, listMissed: died };
    await assert.rejects(recoverPage({ ...sender.ports, deliveries }, ID));
    await letPass(sender, 120_000);
    assert.deepEqual(await sender.progress(), { state: "complete", seen: 1, resent: 1 });
    assert.equal(sender.posted.length, 1);
  });
});
