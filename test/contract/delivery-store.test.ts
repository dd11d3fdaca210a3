import assert from "node:assert/strict";
import { before } from "mocha";
import { memoryDeliveryStore } from "../../engine/src/testing/memory-delivery-store.ts";
import { firestoreDeliveryStore } from "../../engine/src/webhooks/firestore/delivery-store.ts";
import type { DeliveryStore } from "../../engine/src/webhooks/ports.ts";
import type { Delivery } from "../../engine/src/webhooks/rules/delivery.ts";
import { aDelivery, randomDeliveryId } from "../support/webhooks.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";
import { ATTEMPT, BEGIN, created, endOf } from "./made-deliveries.ts";

function contract(stores: () => readonly [DeliveryStore, DeliveryStore]) {
  let one: DeliveryStore;
  let other: DeliveryStore;
  before(() => {
    [one, other] = stores();
  });

  it("gives back what was created", async () => {
    const full: Partial<Delivery> = {
      body: '{"ä":1}',
      last: { at: T0, durationMs: 3, kind: "internal" },
      hasReservedSlot: true,
    };
    const wanted = [aDelivery(full), aDelivery({ state: "pending", nextAttemptAt: after0(9) })];
    assert.deepEqual(await one.createAll(wanted, undefined), [true, true]);
    assert.deepEqual(await Promise.all(wanted.map(({ deliveryId }) => other.read(deliveryId))), wanted);
    assert.equal(await one.read(randomDeliveryId()), undefined);
  });

  it("creates nothing for an empty list", async () => {
    assert.deepEqual(await one.createAll([], undefined), []);
  });

  it("creates each delivery once for concurrent callers", async () => {
    const wanted = [1, 2, 3, 4].map(() => aDelivery());
    const answers = await Promise.all([one, other, one, other].map((store) => store.createAll(wanted, undefined)));
    for (const [index] of wanted.entries()) assert.equal(answers.filter((answer) => answer[index]).length, 1);
    assert.deepEqual(await one.createAll(wanted, undefined), [false, false, false, false]);
  });

  it("creates those that are missing, and leaves the others as they are", async () => {
    const [there, missing] = [await created(one), aDelivery()];
    await one.apply(there.deliveryId, endOf(1, 204), after0(1));
    assert.deepEqual(await other.createAll([there, missing], undefined), [false, true]);
    assert.equal((await one.read(there.deliveryId))?.state, "succeeded");
    assert.deepEqual(await one.read(missing.deliveryId), missing);
  });

  it("gives one of ten concurrent senders the right to send", async () => {
    const { deliveryId } = await created(one);
    const at = after0(30_000);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? one : other).apply(deliveryId, BEGIN, at)),
    );
    assert.equal(answers.filter(({ outcome }) => outcome === "moved").length, 1);
    assert.equal(answers.filter((answer) => answer.outcome === "refused" && answer.reason === "busy").length, 9);
    assert.equal((await one.read(deliveryId))?.attemptCount, 2);
  });

  it("grants one of ten concurrent resends, by clocks that differ a little", async () => {
    const { deliveryId } = await created(one);
    await one.apply(deliveryId, endOf(1, 204), after0(1));
    const wish = (n: number) => ({ kind: "resend" as const, at: after0(60_000 + n * 100) });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? one : other).apply(deliveryId, wish(n), wish(n).at)),
    );
    assert.equal(answers.filter(({ outcome }) => outcome === "moved").length, 1);
    assert.equal(answers.filter((answer) => answer.outcome === "refused" && answer.reason === "busy").length, 9);
  });

  it("keeps each attempt, with its headers and the beginning of the answer", async () => {
    const { deliveryId, owner, expireAt } = await created(one);
    await one.apply(deliveryId, endOf(1), after0(20));
    await other.apply(deliveryId, BEGIN, after0(6_000));
    const ended = await other.apply(deliveryId, endOf(2, 200), after0(6_100));
    assert.equal(ended.outcome === "moved" && ended.delivery.state, "succeeded");
    assert.deepEqual(await one.listAttempts(deliveryId), [
      { ...ATTEMPT, deliveryId, owner, number: 1, nextAttemptAt: after0(5_020), expireAt },
      { ...ATTEMPT, status: 200, deliveryId, owner, number: 2, expireAt },
    ]);
    assert.deepEqual((await one.read(deliveryId))?.last, { at: T0, durationMs: 12, status: 200 });
  });

  it("lists the attempts in their order, the last hundred", async () => {
    const { deliveryId } = await created(one, { attemptCount: 5 });
    await one.apply(deliveryId, endOf(5), after0(1));
    for (let number = 6; number <= 105; number++) {
      await one.apply(deliveryId, { kind: "resend", at: after0(number) }, after0(number));
      await one.apply(deliveryId, BEGIN, after0(number));
      await one.apply(deliveryId, endOf(number), after0(number));
    }
    const numbers = (await other.listAttempts(deliveryId)).map(({ number }) => number);
    assert.deepEqual([numbers.length, numbers[0], numbers[94], numbers[99]], [100, 6, 100, 105]);
    assert.deepEqual(await one.listAttempts(randomDeliveryId()), []);
  });

  it("refuses the record of a sender whose attempt another took over", async () => {
    const { deliveryId } = await created(one);
    await other.apply(deliveryId, BEGIN, after0(30_000));
    const late = await one.apply(deliveryId, endOf(1), after0(30_001));
    assert.equal(late.outcome === "refused" && late.reason, "superseded");
    assert.deepEqual(await one.listAttempts(deliveryId), []);
  });

  it("keeps a cancel between an attempt's beginning and its record", async () => {
    const { deliveryId } = await created(one);
    await other.apply(deliveryId, { kind: "cancel" }, after0(1));
    await one.apply(deliveryId, endOf(1), after0(2));
    const after = await one.read(deliveryId);
    assert.deepEqual([after?.state, after?.dueAt, after?.last?.status], ["cancelled", undefined, 500]);
  });

  it("removes the fields that a delivery no longer has", async () => {
    const { deliveryId } = await created(one);
    await one.apply(deliveryId, endOf(1, 200), after0(1));
    const after = await other.read(deliveryId);
    assert.deepEqual(
      ["busyUntil", "dueAt", "nextAttemptAt"].filter((name) => name in (after ?? {})),
      [],
    );
  });

  it("finds no delivery that does not exist", async () => {
    assert.deepEqual(await one.apply(randomDeliveryId(), BEGIN, T0), { outcome: "not-found" });
    assert.deepEqual(await one.apply(randomDeliveryId(), endOf(1), T0), { outcome: "not-found" });
  });
}

onBoth<DeliveryStore>("a delivery store", memoryDeliveryStore, firestoreDeliveryStore, contract);
