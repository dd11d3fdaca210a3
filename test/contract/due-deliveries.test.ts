import assert from "node:assert/strict";
import { before } from "mocha";
import sinon from "sinon";
import { memoryAlertStore } from "../../engine/src/testing/memory-alert-store.ts";
import { memoryDeliveryStore } from "../../engine/src/testing/memory-delivery-store.ts";
import { memoryEndpointStore } from "../../engine/src/testing/memory-endpoint-store.ts";
import { memoryRecoveryStore } from "../../engine/src/testing/memory-recovery-store.ts";
import { firestoreAlertStore } from "../../engine/src/webhooks/firestore/alert-store.ts";
import { firestoreDeliveryStore } from "../../engine/src/webhooks/firestore/delivery-store.ts";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import { firestoreRecoveryStore } from "../../engine/src/webhooks/firestore/recovery-store.ts";
import type { AlertStore, DeliveryStore, EndpointStore, RecoveryStore } from "../../engine/src/webhooks/ports.ts";
import { secretBox } from "../../engine/src/webhooks/signing/secret-box.ts";
import { aDelivery, anAlert, anEndpoint, aRecovery, aSecret, giveAlert } from "../support/webhooks.ts";
import { after0, onBoth } from "./both-webhook-stores.ts";

interface Stores {
  deliveries: DeliveryStore;
  recoveries: RecoveryStore;
  alerts: AlertStore;
  endpoints: EndpointStore;
}

/** Each test has a stretch of time of its own, and comes before the next: these stores look at everything there is. */
function contract(stores: () => readonly [Stores, Stores]) {
  let one: Stores;
  let other: Stores;
  before(() => {
    [one, other] = stores();
  });
  const put = async (ms: number | undefined, given: Parameters<typeof aDelivery>[0] = {}) => {
    const { dueAt: _, ...rest } = aDelivery(given);
    const delivery = { ...rest, ...(ms !== undefined && { dueAt: after0(ms) }) };
    await one.deliveries.createAll([delivery], undefined);
    return delivery.deliveryId;
  };

  const takeIds = async ({ deliveries }: Stores, byMs: number, untilMs: number, limit: number) =>
    (await deliveries.takeDue(after0(byMs), after0(untilMs), limit)).map(({ deliveryId }) => deliveryId);

  it("gives each due delivery of any shard to one of two callers, and sets its next look", async () => {
    const ids = await Promise.all([0, 7, 15].map((shard) => put(-9000 + shard, { shard })));
    await put(undefined, { state: "succeeded" });
    const take = (stores: Stores) => takeIds(stores, -8000, -5000, 10);
    const [some, rest] = await Promise.all([take(one), take(other)]);
    assert.deepEqual([...some, ...rest].sort(), [...ids].sort());
    assert.deepEqual((await one.deliveries.read(ids[0] ?? ""))?.dueAt, after0(-5000));
    assert.deepEqual((await takeIds(other, -5000, 9_000_000, 10)).sort(), [...ids].sort());
  });

  it("takes at most `limit`, the longest due first", async () => {
    const [second, first, third] = [await put(-3000), await put(-4000), await put(-2000)];
    assert.deepEqual(await takeIds(one, -1000, 9_000_000, 2), [first, second]);
    assert.deepEqual(await takeIds(one, -1000, 9_000_000, 2), [third]);
  });

  it("answers the endpoint and the state of each", async () => {
    const deliveryId = await put(-20_000, { endpointId: "somewhere", state: "pending" });
    const taken = await one.deliveries.takeDue(after0(-20_000), after0(9_000_000), 1);
    assert.deepEqual(taken, [{ deliveryId, endpointId: "somewhere", state: "pending" }]);
  });

  it("lists the pending deliveries that are due soon, the next one first", async () => {
    const pending = { state: "pending" as const };
    const [second, first] = [await put(2000, pending), await put(1001, { ...pending, shard: 11 })];
    for (const ms of [1000, 2001]) await put(ms, pending);
    await put(1500, { state: "sending" });
    assert.deepEqual(await one.deliveries.listSleeping(after0(1000), after0(2000), 10), [
      { deliveryId: first, dueAt: after0(1001) },
      { deliveryId: second, dueAt: after0(2000) },
    ]);
    assert.equal((await other.deliveries.listSleeping(after0(1000), after0(2000), 1)).length, 1);
  });

  it("gives each due recovery to one of two callers", async () => {
    const recoveries = [-3, -2, -1].map((ms) => aRecovery({ dueAt: after0(ms) }));
    for (const recovery of [...recoveries, aRecovery({ dueAt: after0(1) })]) {
      const { endpointId, owner } = recovery;
      await one.endpoints.create(anEndpoint({ endpointId, owner }), aSecret(), {}, 1);
      await one.recoveries.begin(recovery);
    }
    const take = (stores: Stores) => stores.recoveries.takeDue(after0(0), after0(60_000), 10);
    const [some, rest] = await Promise.all([take(one), take(other)]);
    assert.deepEqual([...some, ...rest].sort(), recoveries.map(({ recoveryId }) => recoveryId).sort());
    assert.deepEqual((await one.recoveries.read(recoveries[0]?.recoveryId ?? ""))?.dueAt, after0(60_000));
  });

  it("gives each due alert to one of two callers, and none that is settled", async () => {
    const alerts = [-3, -2, -1].map((ms) => anAlert({ dueAt: after0(ms) }));
    const settled = anAlert({ dueAt: after0(-4) });
    for (const alert of [settled, ...alerts, anAlert({ dueAt: after0(1) })]) await giveAlert(one.endpoints, alert);
    await other.alerts.settle(settled.alertId);
    const take = (stores: Stores) => stores.alerts.takeDue(after0(0), after0(60_000), 10);
    const [some, rest] = await Promise.all([take(one), take(other)]);
    assert.deepEqual([...some, ...rest].sort(), alerts.map(({ alertId }) => alertId).sort());
    assert.deepEqual((await one.alerts.read(alerts[0]?.alertId ?? ""))?.dueAt, after0(60_000));
  });
}

const box = secretBox(`test:${Buffer.alloc(32, 7).toString("base64")}`);
const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };

onBoth<Stores>(
  "a store of due deliveries",
  () => {
    const [deliveries, recoveries, alerts] = [memoryDeliveryStore(), memoryRecoveryStore(), memoryAlertStore()];
    return { deliveries, recoveries, alerts, endpoints: memoryEndpointStore(alerts) };
  },
  (db) => ({
    deliveries: firestoreDeliveryStore(db),
    recoveries: firestoreRecoveryStore(db),
    alerts: firestoreAlertStore(db),
    endpoints: firestoreEndpointStore(db, box, log),
  }),
  contract,
  "demo-due-deliveries",
);
