import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import type { RateLimiter } from "../../engine/src/kit/rate-limiter.ts";
import { firestoreRateLimiter } from "../../engine/src/platform/firestore/rate-limiter.ts";
import { memoryRateLimiter } from "../../engine/src/testing/memory-rate-limiter.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomJobId } from "../support/jobs.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";

onBoth<RateLimiter>("a rate limiter", memoryRateLimiter, firestoreRateLimiter, (stores) => {
  const slotsOf = async (slots: Promise<Date>[]) =>
    (await Promise.all(slots)).map((slotAt) => slotAt.getTime() - T0.getTime()).sort((a, b) => a - b);

  it("reserves slots one by one, as far apart as the rate says", async () => {
    const [one, other] = stores();
    const endpointId = randomJobId();
    const reserve = (store: RateLimiter) => store.reserve(endpointId, 4, T0);
    assert.deepEqual(await reserve(one), T0);
    assert.deepEqual(await reserve(other), after0(250));
    assert.deepEqual(await reserve(one), after0(500));
  });

  it("gives each of many concurrent callers, in two processes, a slot of its own", async () => {
    const [one, other] = stores();
    const endpointId = randomJobId();
    const asked = Array.from({ length: 60 }, (_, n) => (n % 2 ? one : other).reserve(endpointId, 10, T0));
    assert.deepEqual(
      await slotsOf(asked),
      Array.from({ length: 60 }, (_, n) => n * 100),
    );
  });

  it("loses the slots that were not used", async () => {
    const [one, other] = stores();
    const endpointId = randomJobId();
    await one.reserve(endpointId, 2, T0);
    const asked = [0, 1, 2].map(() => other.reserve(endpointId, 2, after0(60_000)));
    assert.deepEqual(await slotsOf(asked), [60_000, 60_500, 61_000]);
  });

  it("keeps fractions of milliseconds, and never comes early", async () => {
    const [one] = stores();
    const endpointId = randomJobId();
    const asked = Array.from({ length: 7 }, () => one.reserve(endpointId, 700, T0));
    assert.deepEqual(await slotsOf(asked), [0, 2, 3, 5, 6, 8, 9]);
  });

  it("answers a slot that is too far ahead, and leaves it free", async () => {
    const [one, other] = stores();
    const key = randomJobId();
    const within = (store: RateLimiter, ms: number, now = T0) => store.reserve(key, 1, now, ms);
    assert.deepEqual(await within(one, 0), T0);
    for (const store of [one, other, one, one]) assert.deepEqual(await within(store, 999), after0(1000));
    assert.deepEqual(await within(other, 1000), after0(1000));
    assert.deepEqual(await within(one, 1000, after0(999)), after0(2000), "too far away by one millisecond");
    assert.deepEqual(await within(one, 1000, after0(1000)), after0(2000));
    assert.deepEqual(await other.reserve(key, 1, T0), after0(3000));
  });

  it("reserves for many concurrent callers, in two processes, only the slots that are near enough", async () => {
    const [one, other] = stores();
    const key = randomJobId();
    const asked = Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).reserve(key, 10, T0, 950));
    const moments = await slotsOf(asked);
    assert.deepEqual(moments.slice(0, 10), [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    assert.deepEqual(
      moments.slice(10),
      Array.from({ length: 30 }, () => 1000),
    );
  });

  it("takes keys that are not valid document ids, such as owners", async () => {
    const [one, other] = stores();
    const key = `sends a/b ${randomJobId()}`;
    assert.deepEqual(await one.reserve(key, 4, T0), T0);
    assert.deepEqual(await other.reserve(key, 4, T0), after0(250));
    assert.deepEqual(await one.reserve(key.replace("/", "%2F"), 4, T0), T0);
  });

  it("keeps endpoints apart", async () => {
    const [one] = stores();
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => one.reserve(randomJobId(), 0.1, T0))), [T0, T0, T0]);
  });
});

describe("the rate limiter in Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
  });
  after(() => db.terminate());

  it("concurrent reservations of one process take two writes", async () => {
    const [limiter, endpointId] = [firestoreRateLimiter(db), randomJobId()];
    const document = db.doc(`batonRateLimits/${endpointId}`);
    const writes = [
      sinon.spy(document.constructor.prototype, "create"),
      sinon.spy(document.constructor.prototype, "update"),
    ];
    await Promise.all(Array.from({ length: 200 }, () => limiter.reserve(endpointId, 10, T0)));
    for (const write of writes) write.restore();
    assert.deepEqual(
      writes.map(({ callCount }) => callCount),
      [1, 1],
    );
    assert.deepEqual(await limiter.reserve(endpointId, 10, T0), after0(20_000));
  });

  it("a slot that is too far ahead is answered without a write, and without a read by a process that remembers the key", async () => {
    const [limiter, key] = [firestoreRateLimiter(db), randomJobId()];
    await limiter.reserve(key, 1, T0);
    const prototype = db.doc(`batonRateLimits/${key}`).constructor.prototype;
    const calls = (["get", "create", "update"] as const).map((name) => sinon.spy(prototype, name));
    for (let i = 0; i < 5; i++) assert.deepEqual(await limiter.reserve(key, 1, T0, 500), after0(1000));
    for (const call of calls) call.restore();
    assert.deepEqual(
      calls.map(({ callCount }) => callCount),
      [0, 0, 0],
    );
  });

  it("a key continues after the last slot of another process, and starts again once its document was deleted", async () => {
    const [one, other, endpointId] = [firestoreRateLimiter(db), firestoreRateLimiter(db), randomJobId()];
    await one.reserve(endpointId, 1, T0);
    await other.reserve(endpointId, 1, T0);
    assert.deepEqual(await one.reserve(endpointId, 1, T0), after0(2000));
    await db.doc(`batonRateLimits/${endpointId}`).delete();
    assert.deepEqual(await one.reserve(endpointId, 1, T0), T0);
  });

  it("a document expires a week after its last slot", async () => {
    const endpointId = randomJobId();
    await firestoreRateLimiter(db).reserve(endpointId, 1, T0);
    const expireAt = (await db.doc(`batonRateLimits/${endpointId}`).get()).get("expireAt").toDate();
    assert.deepEqual(expireAt, new Date("2026-01-08T00:00:01.000Z"));
  });
});
