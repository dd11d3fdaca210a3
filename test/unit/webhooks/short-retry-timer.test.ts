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
  const { publishWhenDue: waitFor } = shortRetryTimer({ clock, publisher: { publishDelivery }, log });
  const wait = (ms: number, endpointId = "endpoint1", owner = endpointId, url = URL) =>
    waitFor(newDelivery({ ...WANTED, endpointId, owner }, { state: "pending", nextAttemptAt: at(ms) }, NOON), url);
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
    await waitFor(undefined, URL);
    await waitFor(newDelivery(WANTED, { state: "held" }, NOON), URL);
    assert.equal(publishDelivery.callCount, 0);
  });

  it("are four at a time for one endpoint", async () => {
    const { clock, wait, publishDelivery } = setup();
    for (let i = 0; i < 6; i++) void wait(5000);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 4);
    for (let i = 0; i < 6; i++) void wait(10_000);
    await clock.advance(5000);
    assert.equal(publishDelivery.callCount, 8);
  });

  it("are sixteen for owners who have one already, and thirty-two for all", async () => {
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

  it("are four for the job URLs of one owner at one host, and eight at all hosts", async () => {
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
