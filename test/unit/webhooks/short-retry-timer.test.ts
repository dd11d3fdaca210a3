import assert from "node:assert/strict";
import sinon from "sinon";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";
import { shortRetryTimer } from "../../../engine/src/webhooks/deliver/short-retry-timer.ts";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { at, NOON, WANTED } from "./rules/deliveries.ts";

const URL = "https://hooks.example.com/a";

function setup(publishDelivery = sinon.fake.resolves(undefined)) {
  const clock = fakeClock(NOON);
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const { publishWhenDue } = shortRetryTimer({ clock, publisher: { publishDelivery }, log });
  const wait = (ms: number, endpointId = "endpoint1", owner = endpointId, url = URL) =>
    publishWhenDue(
      newDelivery({ ...WANTED, endpointId, owner }, { state: "pending", nextAttemptAt: at(ms) }, NOON),
      url,
    );
  return { clock, log, publishWhenDue, wait, publishDelivery };
}

describe("the short retry timer", () => {
  it("publishes the delivery at its time", async () => {
    const { clock, wait, publishDelivery } = setup();
    const waiting = wait(5500);
    await clock.advance(5499);
    assert.equal(publishDelivery.callCount, 0);
    await clock.advance(1);
    await waiting;
    assert.deepEqual(publishDelivery.args, [[{ deliveryId: WANTED.deliveryId }]]);
  });

  it("does not wait for a later attempt, or without one", async () => {
    const { wait, publishWhenDue, publishDelivery } = setup();
    await wait(7001);
    await publishWhenDue(undefined, URL);
    await publishWhenDue(newDelivery(WANTED, { state: "held" }, NOON), URL);
    assert.equal(publishDelivery.callCount, 0);
  });

  it("waits for four deliveries at a time of one endpoint", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (let i = 0; i < 6; i++) void wait(5000);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 4);
    for (let i = 0; i < 6; i++) void wait(10_000);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 8);
  });

  it("waits for sixteen deliveries of owners with a wait, and for thirty-two in all", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (const owner of ["ada", "ben", "cyd"]) {
      for (let i = 0; i < 10; i++) void wait(5000, `${owner}${i}`, owner);
    }
    await clock.advance(5000);
    // Cyd has the first one only.
    assert.equal(publishDelivery.callCount, 17);
    for (let i = 0; i < 40; i++) void wait(10_000, `endpoint${i}`);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 17 + 32);
  });

  it("waits for four deliveries to one owner's job URLs at one host, and for eight at all hosts", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (let i = 0; i < 10; i++) void wait(5000, "job", "ada", `https://sick.example.com/${i}?token=${i}`);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 4);
    for (let i = 0; i < 10; i++) void wait(10_000, "job", "ada", "https://sick.example.com/");
    for (let i = 0; i < 10; i++) void wait(10_000, "job", "ada", `https://host${i}.example.com/`);
    for (let i = 0; i < 10; i++) void wait(10_000, "job", "ben", "https://sick.example.com/");
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 4 + 8 + 4);
  });

  it("waits for eight deliveries of one owner, however many endpoints", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (let i = 0; i < 20; i++) void wait(5000, `endpoint${i}`, "ada");
    void wait(5000, "job", "ben");
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 9);
  });

  it("leaves a delivery to the sweep when Pub/Sub does not take the message", async () => {
    const { clock, wait, log } = setup(sinon.fake.rejects(new Error("no Pub/Sub")));
    await clock.runUntil(wait(100));
    assert.equal(log.warn.callCount, 1);
    assert.equal(log.warn.firstCall.args[1]?.event, "message.not-published");
  });
});
