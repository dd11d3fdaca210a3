import assert from "node:assert/strict";
import type { DeliveryMessage } from "@baton/protocol";
import sinon from "sinon";
import { memoryAlertStore } from "../../../engine/src/testing/memory-alert-store.ts";
import { memoryDeliveryStore } from "../../../engine/src/testing/memory-delivery-store.ts";
import { memoryEndpointStore } from "../../../engine/src/testing/memory-endpoint-store.ts";
import { memoryRecoveryStore } from "../../../engine/src/testing/memory-recovery-store.ts";
import { staggeredResume } from "../../../engine/src/webhooks/deliver/staggered-resume.ts";
import { moveDelivery, newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import {
  publishDueAlerts,
  publishDueDeliveries,
  publishDueRecoveries,
} from "../../../engine/src/webhooks/sweep/due-deliveries.ts";
import { anAlert } from "../../support/webhooks.ts";
import { aSweep, inMs, NOW } from "../sweep/a-sweep.ts";
import { WANTED } from "./rules/deliveries.ts";

const WINDOW = { by: inMs(50_000), endsAt: inMs(55_000) };

function setup() {
  const { clock, ports } = aSweep();
  const deliveries = memoryDeliveryStore();
  const published: [string, string][] = [];
  const publishDelivery = sinon.fake(async (message: DeliveryMessage) => {
    published.push([Object.values(message)[0] ?? "", clock.now().toISOString().slice(14, 23)]);
  });
  const alerts = memoryAlertStore();
  /** Stores a delivery whose next attempt is due in so many milliseconds. */
  const put = (ms: number): string => {
    const deliveryId = `msg_${String(deliveries.all().length).padStart(32, "0")}`;
    const start = { state: "pending" as const, nextAttemptAt: inMs(ms) };
    deliveries.put(newDelivery({ ...WANTED, deliveryId }, start, NOW));
    return deliveryId;
  };
  const endpoints = memoryEndpointStore(alerts);
  const all = {
    ...ports,
    deliveries,
    recoveries: memoryRecoveryStore(),
    alerts,
    endpoints,
    staggeredResume: staggeredResume(clock),
    publisher: { publishDelivery },
  };
  return { clock, deliveries, alerts, published, put, ports: all };
}

describe("publishDueDeliveries", () => {
  it("publishes what is due, page by page, and looks again in a minute", async () => {
    const { ports, deliveries, published, put } = setup();
    for (let i = 0; i < 101; i++) put(-i);
    assert.equal(await publishDueDeliveries(ports, NOW, WINDOW), 101);
    assert.equal(published.length, 101);
    assert.deepEqual(new Set(deliveries.all().map(({ dueAt }) => dueAt?.getTime())), new Set([inMs(60_000).getTime()]));
  });

  it("publishes an attempt whose sender died", async () => {
    const { ports, deliveries, published } = setup();
    deliveries.put(newDelivery(WANTED, { state: "sending" }, inMs(-30_000)));
    await publishDueDeliveries(ports, NOW, WINDOW);
    assert.deepEqual(published, [[WANTED.deliveryId, "00:00.000"]]);
  });

  it("publishes an attempt at its time, not before", async () => {
    const { ports, clock, published, put } = setup();
    const [later, sooner] = [put(40_000), put(12_345)];
    assert.equal(await clock.runUntil(publishDueDeliveries(ports, NOW, WINDOW)), 2);
    assert.deepEqual(published, [
      [sooner, "00:12.345"],
      [later, "00:40.000"],
    ]);
  });

  it("finds a delivery that becomes due meanwhile, within 5 s", async () => {
    const { ports, clock, published, put } = setup();
    put(40_000);
    const run = publishDueDeliveries(ports, NOW, WINDOW);
    await clock.advance(6000);
    const new1 = put(7000);
    await clock.runUntil(run);
    assert.deepEqual(published[0], [new1, "00:10.000"]);
  });

  it("returns after two queries when nothing is due soon", async () => {
    const { ports, put } = setup();
    put(50_001);
    const [takeDue, listSleeping] = [sinon.spy(ports.deliveries.takeDue), sinon.spy(ports.deliveries.listSleeping)];
    const deliveries = { ...ports.deliveries, takeDue, listSleeping };
    assert.equal(await publishDueDeliveries({ ...ports, deliveries }, NOW, WINDOW), 0);
    assert.deepEqual([takeDue.callCount, listSleeping.callCount], [1, 1]);
  });

  it("does not wait for attempts that are under way", async () => {
    const { ports, deliveries } = setup();
    deliveries.put(newDelivery(WANTED, { state: "sending" }, NOW));
    assert.equal(await publishDueDeliveries(ports, NOW, WINDOW), 0);
  });

  it("leaves a delivery that was held meanwhile as it is", async () => {
    const { ports, clock, deliveries, published, put } = setup();
    const id = put(20_000);
    const run = publishDueDeliveries(ports, NOW, WINDOW);
    const delivery = await deliveries.read(id);
    const answer = delivery && moveDelivery(delivery, { kind: "hold" }, NOW);
    assert.equal(answer?.outcome, "moved");
    deliveries.put(answer.delivery);
    await clock.runUntil(run);
    assert.deepEqual(published, []);
  });

  it("publishes the others when Pub/Sub did not take one message", async () => {
    const { ports, put } = setup();
    for (let i = 0; i < 3; i++) put(-1);
    const publishDelivery = sinon.fake.rejects(new Error("no Pub/Sub"));
    assert.equal(await publishDueDeliveries({ ...ports, publisher: { publishDelivery } }, NOW, WINDOW), 3);
    assert.deepEqual([publishDelivery.callCount, ports.log.error.callCount], [3, 3]);
  });
});

describe("publishDueRecoveries", () => {
  it("publishes every recovery that is due", async () => {
    const { ports, published } = setup();
    const recoveries = { takeDue: sinon.fake.resolves(["r1", "r2"]) };
    assert.equal(await publishDueRecoveries({ ...ports, recoveries }, NOW), 2);
    assert.deepEqual(recoveries.takeDue.args, [[NOW, inMs(60_000), 100]]);
    assert.deepEqual(
      published.map(([id]) => id),
      ["r1", "r2"],
    );
  });
});

describe("publishDueAlerts", () => {
  it("publishes every alert whose time has come, and looks again in a minute", async () => {
    const { ports, alerts, published } = setup();
    const [due, later] = [anAlert({ dueAt: NOW }), anAlert({ dueAt: inMs(1) })];
    for (const alert of [due, later]) alerts.put(alert);
    assert.equal(await publishDueAlerts(ports, NOW), 1);
    assert.deepEqual(published, [[due.alertId, "00:00.000"]]);
    assert.deepEqual(
      alerts.given.map(({ dueAt }) => dueAt),
      [inMs(60_000), inMs(1)],
    );
  });
});
