import assert from "node:assert/strict";
import sinon from "sinon";
import { newDelivery } from "../../../functions/src/core/webhooks/move-delivery.ts";
import { fakeClock } from "../../../functions/src/testing/fake-clock.ts";
import { naps } from "../../../functions/src/webhooks/naps.ts";
import { at, NOON, WANTED } from "../core/webhooks/deliveries.ts";

function setup(publishDelivery = sinon.fake.resolves(undefined)) {
  const clock = fakeClock(NOON);
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const { waitFor } = naps({ clock, publisher: { publishDelivery }, log });
  const wait = (ms: number, endpointId = "endpoint1", owner = endpointId) =>
    waitFor(newDelivery({ ...WANTED, endpointId, owner }, { state: "pending", nextAttemptAt: at(ms) }, NOON));
  return { clock, log, waitFor, wait, publishDelivery };
}

describe("the naps of a process", () => {
  it("end with the delivery's message at its time", async () => {
    const { clock, wait, publishDelivery } = setup();
    const nap = wait(5500);
    await clock.advance(5499);
    assert.equal(publishDelivery.callCount, 0);
    await clock.advance(1);
    await nap;
    assert.deepEqual(publishDelivery.args, [[{ deliveryId: WANTED.deliveryId }]]);
  });

  it("are not taken for what is further away, or for nothing", async () => {
    const { wait, waitFor, publishDelivery } = setup();
    await wait(7001);
    await waitFor(undefined);
    await waitFor(newDelivery(WANTED, { state: "held" }, NOON));
    assert.equal(publishDelivery.callCount, 0);
  });

  it("are four at a time for one endpoint, and sixteen for all", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (let i = 0; i < 6; i++) void wait(5000);
    for (let i = 0; i < 20; i++) void wait(5000, `endpoint${i + 2}`);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 16);
    for (let i = 0; i < 6; i++) void wait(10_000);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 20);
  });

  it("are four for the job URLs of each owner", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (let i = 0; i < 10; i++) void wait(5000, "job", "ada");
    for (let i = 0; i < 10; i++) void wait(5000, "job", "ben");
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 8);
  });

  it("are eight for one owner, however many endpoints", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (let i = 0; i < 20; i++) void wait(5000, `endpoint${i}`, "ada");
    void wait(5000, "job", "ben");
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 9);
  });

  it("leave to the sweep what Pub/Sub did not take", async () => {
    const { clock, wait, log } = setup(sinon.fake.rejects(new Error("no Pub/Sub")));
    await clock.runUntil(wait(100));
    assert.equal(log.warn.callCount, 1);
  });
});
