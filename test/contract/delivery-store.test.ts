import assert from "node:assert/strict";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { memoryDeliveryStore } from "../../engine/src/testing/memory-delivery-store.ts";
import { firestoreDeliveryStore } from "../../engine/src/webhooks/firestore/delivery-store.ts";
import type { DeliveryStore } from "../../engine/src/webhooks/ports.ts";
import type { Delivery, DeliveryCommand, DeliveryState } from "../../engine/src/webhooks/rules/delivery.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomJobId, randomOwner } from "../support/jobs.ts";
import { aDelivery, aRecovery, randomDeliveryId } from "../support/webhooks.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";

const BEGIN: DeliveryCommand = { kind: "begin" };

const ATTEMPT = {
  at: T0,
  durationMs: 12,
  status: 500,
  // A name that Firestore does not allow for a field.
  requestHeaders: { "webhook-id": "m", __x__: "1" },
  excerpt: "no",
};

/** The end of attempt `number`, which was answered with a status: a success below 300. */
function endOf(number: number, status = 500): DeliveryCommand {
  const attempt = { ...ATTEMPT, status };
  return { kind: "end", number, attempt, verdict: status < 300 ? "succeeded" : "retry", jitter: 0 };
}

async function created(store: DeliveryStore, given: Partial<Delivery> = {}): Promise<Delivery> {
  const delivery = aDelivery(given);
  assert.deepEqual(await store.createAll([delivery], undefined), [true]);
  return delivery;
}

const idsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ deliveryId }) => deliveryId);

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

  lists(() => one);
}

function lists(store: () => DeliveryStore) {
  it("lists an owner's deliveries page by page, the newest first", async () => {
    const owner = randomOwner();
    // Two of the same instant: their ids decide.
    const wanted = [0, 1, 2, 2, 3].map((ms) => aDelivery({ owner, createdAt: after0(ms) }));
    await store().createAll([...wanted, aDelivery()], undefined);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 3; page++) {
      const answer = await store().list({ owner, limit: 2, ...(cursor !== undefined && { cursor }) });
      assert.ok(answer !== "bad-cursor");
      assert.equal(answer.nextCursor === undefined, page === 2);
      cursor = answer.nextCursor;
      seen.push(...idsOf(answer.deliveries));
    }
    const [first, second, third, fourth, fifth] = idsOf(wanted);
    const tie = [third ?? "", fourth ?? ""].sort().reverse();
    assert.deepEqual(seen, [fifth, ...tie, second, first]);
  });

  it("lists by endpoint, by job, by state, and by all of them", async () => {
    const [owner, endpointId, jobId] = [randomOwner(), randomJobId(), randomJobId()];
    const all = [
      aDelivery({ owner, endpointId, jobId, state: "failed", createdAt: after0(3) }),
      aDelivery({ owner, endpointId, createdAt: after0(2) }),
      aDelivery({ owner, jobId, state: "failed", createdAt: after0(1) }),
      aDelivery({ endpointId, jobId, state: "failed" }),
    ];
    await store().createAll(all, undefined);
    const [a, b, c] = idsOf(all);
    const listed = async (filter: object) => {
      const answer = await store().list({ owner, limit: 10, ...filter });
      return answer === "bad-cursor" ? answer : idsOf(answer.deliveries);
    };
    assert.deepEqual(await listed({}), [a, b, c]);
    assert.deepEqual(await listed({ endpointId }), [a, b]);
    assert.deepEqual(await listed({ jobId }), [a, c]);
    assert.deepEqual(await listed({ state: "failed" }), [a, c]);
    assert.deepEqual(await listed({ endpointId, jobId, state: "failed" }), [a]);
    assert.deepEqual(await listed({ endpointId, state: "held" }), []);
  });

  it("refuses a cursor it did not give", async () => {
    for (const cursor of ["", "x", "MTpqb2I", Buffer.from("1:msg_x").toString("base64url")]) {
      assert.equal(await store().list({ owner: randomOwner(), limit: 1, cursor }), "bad-cursor", cursor);
    }
  });

  it("lists an endpoint's deliveries in the span of a recovery, after its cursor, the oldest first", async () => {
    const [owner, endpointId] = [randomOwner(), randomJobId()];
    const at = (ms: number, given: Partial<Delivery> = {}) =>
      aDelivery({ owner, endpointId, createdAt: after0(ms), ...given });
    const wanted = [at(10), at(11, { state: "failed" }), at(12), at(20)];
    await store().createAll([...wanted].reverse(), undefined);
    await store().createAll(
      [at(9), at(21), at(12, { endpointId: "job" }), at(12, { owner: randomOwner() })],
      undefined,
    );
    const recovery = aRecovery({ owner, endpointId, since: after0(10), until: after0(20) });
    assert.deepEqual(await store().listMissed(recovery, 10), wanted);
    const [, second, third] = wanted;
    assert.ok(second);
    const { createdAt, deliveryId } = second;
    assert.deepEqual(await store().listMissed({ ...recovery, cursor: { createdAt, deliveryId } }, 1), [third]);
  });

  it("loses no delivery of the same instant between two pages of a recovery", async () => {
    const [owner, endpointId] = [randomOwner(), randomJobId()];
    const wanted = [1, 2, 3].map(() => aDelivery({ owner, endpointId, createdAt: after0(5) }));
    await store().createAll(wanted, undefined);
    const recovery = aRecovery({ owner, endpointId, since: T0, until: after0(9) });
    const [first] = await store().listMissed(recovery, 1);
    assert.ok(first);
    const rest = await store().listMissed({ ...recovery, cursor: first }, 10);
    assert.deepEqual(idsOf([first, ...rest]), idsOf(wanted).sort());
  });

  it("lists the ids of an endpoint's deliveries that are in one of some states", async () => {
    const endpointId = randomJobId();
    const states = ["pending", "sending", "held", "succeeded", "failed", "cancelled"] as const;
    const all = states.map((state) => aDelivery({ endpointId, state }));
    await store().createAll([...all, aDelivery({ state: "pending" })], undefined);
    const idsIn = async (wanted: readonly DeliveryState[]) =>
      (await store().listIds(endpointId, wanted, 10)).sort().join();
    assert.equal(await idsIn(["pending", "sending", "held"]), idsOf(all.slice(0, 3)).sort().join());
    assert.equal(await idsIn(["pending"]), all[0]?.deliveryId);
    assert.equal((await store().listIds(endpointId, states, 2)).length, 2);
  });
}

onBoth<DeliveryStore>("a delivery store", memoryDeliveryStore, firestoreDeliveryStore, contract);

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
