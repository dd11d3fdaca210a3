import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import type { Pace } from "../../engine/src/kit/rate-limiter.ts";
import { firestorePace } from "../../engine/src/platform/firestore/rate-limiter.ts";
import { memoryEndpointStore, memoryNoticeStore, memoryPace } from "../../engine/src/testing/memory-webhook-stores.ts";
import { firestoreNoticeStore } from "../../engine/src/webhooks/firestore/alert-store.ts";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import { firestoreMail } from "../../engine/src/webhooks/firestore/mail.ts";
import type { EndpointStore, NoticeStore } from "../../engine/src/webhooks/ports.ts";
import { secretBox } from "../../engine/src/webhooks/signing/secret-box.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomJobId } from "../support/jobs.ts";
import { aNotice, giveNotice } from "../support/webhooks.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";

interface Notices {
  notices: NoticeStore;
  endpoints: EndpointStore;
}

function openNotices(db: Firestore): Notices {
  const box = secretBox(`test:${Buffer.alloc(32, 7).toString("base64")}`);
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  return { notices: firestoreNoticeStore(db), endpoints: firestoreEndpointStore(db, box, log) };
}

function openMemoryNotices(): Notices {
  const notices = memoryNoticeStore();
  return { notices, endpoints: memoryEndpointStore(notices) };
}

onBoth<Notices>("a notice store", openMemoryNotices, openNotices, (stores) => {
  it("gives back what was written with an endpoint's health", async () => {
    const [one, other] = stores();
    const { percent: _, failingSince: __, ...least } = aNotice({ kind: "recovered" });
    for (const notice of [aNotice(), { ...least, noticeId: randomUUID() }]) {
      await giveNotice(one.endpoints, notice);
      assert.deepEqual(await other.notices.read(notice.noticeId), notice);
    }
    assert.equal(await one.notices.read(randomUUID()), undefined);
  });

  it("settles a notice, again and again, and one that is gone", async () => {
    const [one, other] = stores();
    const { dueAt: _, ...settled } = aNotice();
    await giveNotice(one.endpoints, aNotice(settled));
    for (let i = 0; i < 2; i++) await other.notices.settle(settled.noticeId);
    assert.deepEqual(await one.notices.read(settled.noticeId), settled);
    const gone = randomUUID();
    await one.notices.settle(gone);
    assert.equal(await other.notices.read(gone), undefined);
  });
});

onBoth<Pace>("a pace", memoryPace, firestorePace, (stores) => {
  const momentsOf = async (moments: Promise<Date>[]) =>
    (await Promise.all(moments)).map((moment) => moment.getTime() - T0.getTime()).sort((a, b) => a - b);

  it("gives out moments one by one, as far apart as the rate asks for", async () => {
    const [one, other] = stores();
    const endpointId = randomJobId();
    const reserve = (store: Pace) => store.reserve(endpointId, 4, T0);
    assert.deepEqual(await reserve(one), T0);
    assert.deepEqual(await reserve(other), after0(250));
    assert.deepEqual(await reserve(one), after0(500));
  });

  it("gives each of many that ask at once, in two processes, a moment of its own", async () => {
    const [one, other] = stores();
    const endpointId = randomJobId();
    const asked = Array.from({ length: 60 }, (_, n) => (n % 2 ? one : other).reserve(endpointId, 10, T0));
    assert.deepEqual(
      await momentsOf(asked),
      Array.from({ length: 60 }, (_, n) => n * 100),
    );
  });

  it("makes nothing up for time that passed unused", async () => {
    const [one, other] = stores();
    const endpointId = randomJobId();
    await one.reserve(endpointId, 2, T0);
    const asked = [0, 1, 2].map(() => other.reserve(endpointId, 2, after0(60_000)));
    assert.deepEqual(await momentsOf(asked), [60_000, 60_500, 61_000]);
  });

  it("keeps fractions of milliseconds, and never comes early", async () => {
    const [one] = stores();
    const endpointId = randomJobId();
    const asked = Array.from({ length: 7 }, () => one.reserve(endpointId, 700, T0));
    assert.deepEqual(await momentsOf(asked), [0, 2, 3, 5, 6, 8, 9]);
  });

  it("tells a moment that is too far away, and leaves it free", async () => {
    const [one, other] = stores();
    const key = randomJobId();
    const within = (store: Pace, ms: number, now = T0) => store.reserve(key, 1, now, ms);
    assert.deepEqual(await within(one, 0), T0);
    for (const store of [one, other, one, one]) assert.deepEqual(await within(store, 999), after0(1000));
    assert.deepEqual(await within(other, 1000), after0(1000));
    assert.deepEqual(await within(one, 1000, after0(999)), after0(2000), "too far away by one millisecond");
    assert.deepEqual(await within(one, 1000, after0(1000)), after0(2000));
    assert.deepEqual(await other.reserve(key, 1, T0), after0(3000));
  });

  it("gives to many that ask at once, in two processes, as many moments as are near enough", async () => {
    const [one, other] = stores();
    const key = randomJobId();
    const asked = Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).reserve(key, 10, T0, 950));
    const moments = await momentsOf(asked);
    assert.deepEqual(moments.slice(0, 10), [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    assert.deepEqual(
      moments.slice(10),
      Array.from({ length: 30 }, () => 1000),
    );
  });

  it("takes keys that are no ids of documents, such as owners may have", async () => {
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

describe("in Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
  });
  after(() => db.terminate());

  it("a notice is a document its owner can list", async () => {
    const notice = aNotice({ owner: "ann" });
    await giveNotice(openNotices(db).endpoints, notice);
    const fields = (await db.doc(`batonAlerts/${notice.noticeId}`).get()).data();
    assert.deepEqual([fields?.owner, fields?.percent, fields?.createdAt.toDate()], ["ann", 50, T0]);
  });

  it("a message is handed to the e-mail extension once, as it wants it", async () => {
    const mail = firestoreMail(db, "mail");
    const message = {
      messageId: randomUUID(),
      owner: "ann",
      endpointId: "e1",
      createdAt: T0,
      subject: "Your endpoint",
      text: "It fails.",
    };
    const document = db.doc(`mail/${message.messageId}`);
    await mail.send(message);
    await document.update({ delivery: { state: "SUCCESS" } });
    await mail.send({ ...message, text: "again" });
    assert.deepEqual((await document.get()).data(), {
      toUids: ["ann"],
      message: { subject: "Your endpoint", text: "It fails." },
      baton: { owner: "ann", endpointId: "e1", createdAt: Timestamp.fromDate(T0) },
      delivery: { state: "SUCCESS" },
    });
  });

  it("moments of one process that are asked for together take two writes", async () => {
    const [pace, endpointId] = [firestorePace(db), randomJobId()];
    const document = db.doc(`batonRateLimits/${endpointId}`);
    const writes = [
      sinon.spy(document.constructor.prototype, "create"),
      sinon.spy(document.constructor.prototype, "update"),
    ];
    await Promise.all(Array.from({ length: 200 }, () => pace.reserve(endpointId, 10, T0)));
    for (const write of writes) write.restore();
    assert.deepEqual(
      writes.map(({ callCount }) => callCount),
      [1, 1],
    );
    assert.deepEqual(await pace.reserve(endpointId, 10, T0), after0(20_000));
  });

  it("a moment that is too far away is told without a write, and by a process that knows the pace, without a read", async () => {
    const [pace, key] = [firestorePace(db), randomJobId()];
    await pace.reserve(key, 1, T0);
    const prototype = db.doc(`batonRateLimits/${key}`).constructor.prototype;
    const calls = (["get", "create", "update"] as const).map((name) => sinon.spy(prototype, name));
    for (let i = 0; i < 5; i++) assert.deepEqual(await pace.reserve(key, 1, T0, 500), after0(1000));
    for (const call of calls) call.restore();
    assert.deepEqual(
      calls.map(({ callCount }) => callCount),
      [0, 0, 0],
    );
  });

  it("a pace goes on where another process left it, and after it was deleted", async () => {
    const [one, other, endpointId] = [firestorePace(db), firestorePace(db), randomJobId()];
    await one.reserve(endpointId, 1, T0);
    await other.reserve(endpointId, 1, T0);
    assert.deepEqual(await one.reserve(endpointId, 1, T0), after0(2000));
    await db.doc(`batonRateLimits/${endpointId}`).delete();
    assert.deepEqual(await one.reserve(endpointId, 1, T0), T0);
  });

  it("a pace expires a week after its last moment", async () => {
    const endpointId = randomJobId();
    await firestorePace(db).reserve(endpointId, 1, T0);
    const expireAt = (await db.doc(`batonRateLimits/${endpointId}`).get()).get("expireAt").toDate();
    assert.deepEqual(expireAt, new Date("2026-01-08T00:00:01.000Z"));
  });
});
