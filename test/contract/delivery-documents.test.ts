import assert from "node:assert/strict";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { firestoreDeliveryStore } from "../../engine/src/webhooks/firestore/delivery-store.ts";
import type { DeliveryStore } from "../../engine/src/webhooks/ports.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomJobId } from "../support/jobs.ts";
import { aDelivery } from "../support/webhooks.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { after0, T0 } from "./both-webhook-stores.ts";
import { created, endOf } from "./made-deliveries.ts";

describe("a delivery in Firestore", () => {
  let db: Firestore;
  let store: DeliveryStore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
    store = firestoreDeliveryStore(db);
  });
  after(() => db.terminate());

  const aResult = async () => {
    const result = db.collection("batonResults").doc(randomJobId());
    await result.set({ owner: "ann", dueAt: Timestamp.fromDate(T0) });
    return result;
  };

  it("is created in one commit with the settling of its result", async () => {
    const result = await aResult();
    const wanted = [aDelivery(), aDelivery()];
    await store.createAll(wanted, result.id);
    const [settled, ...deliveries] = await db.getAll(
      result,
      ...wanted.map(({ deliveryId }) => db.doc(`batonDeliveries/${deliveryId}`)),
    );
    assert.deepEqual(settled?.data(), { owner: "ann" });
    const times = deliveries.map(({ createTime }) => createTime?.toMillis());
    assert.deepEqual(times, [settled?.updateTime?.toMillis(), settled?.updateTime?.toMillis()]);
  });

  it("settles a result without subscribers, again and again", async () => {
    const result = await aResult();
    for (let i = 0; i < 2; i++) assert.deepEqual(await store.createAll([], result.id), []);
    assert.deepEqual((await result.get()).data(), { owner: "ann" });
  });

  it("settles the result of deliveries that exist already", async () => {
    const result = await aResult();
    const wanted = [aDelivery(), aDelivery()];
    await store.createAll(wanted.slice(0, 1), undefined);
    assert.deepEqual(await store.createAll(wanted, result.id), [false, true]);
    assert.deepEqual((await result.get()).data(), { owner: "ann" });
  });

  it("is created though its result is gone, which stays gone", async () => {
    const gone = db.collection("batonResults").doc(randomJobId());
    const wanted = aDelivery();
    assert.deepEqual(await store.createAll([wanted], gone.id), [true]);
    assert.deepEqual(await store.read(wanted.deliveryId), wanted);
    assert.equal((await gone.get()).exists, false);
  });

  it("records its first attempt without a read, unless another writer came between", async () => {
    const delivery = await created(store);
    const document = db.doc(`batonDeliveries/${delivery.deliveryId}`);
    const get = sinon.spy(document.constructor.prototype, "get");
    const ended = await store.apply(delivery.deliveryId, endOf(1, 200), after0(1));
    get.restore();
    assert.equal(ended.outcome === "moved" && ended.delivery.state, "succeeded");
    assert.equal(get.callCount, 0);
    assert.equal((await document.get()).get("state"), "succeeded");
  });

  it("keeps fields of a newer version, and writes only what changes", async () => {
    const { deliveryId } = await created(store);
    const document = db.doc(`batonDeliveries/${deliveryId}`);
    await document.update({ newer: 1, jobType: "renamed" });
    await store.apply(deliveryId, endOf(1), after0(1));
    const { newer, jobType, state } = (await document.get()).data() ?? {};
    assert.deepEqual([newer, jobType, state], [1, "renamed", "pending"]);
  });
});
