import assert from "node:assert/strict";
import type { Delivery, DeliveryCommand } from "../../../../engine/src/webhooks/rules/delivery.ts";
import { moveDelivery, newDelivery } from "../../../../engine/src/webhooks/rules/move-delivery.ts";
import { anEnd, at, gist, NOON, WANTED } from "./deliveries.ts";

const sending = newDelivery(WANTED, { state: "sending" }, NOON);
const pending = newDelivery(WANTED, { state: "pending", nextAttemptAt: at(5000) }, NOON);
const held = newDelivery(WANTED, { state: "held" }, NOON);

function move(delivery: Delivery, event: DeliveryCommand, now = NOON): Delivery {
  const answer = moveDelivery(delivery, event, now);
  assert.equal(answer.outcome, "moved");
  return answer.delivery;
}

function refusal(delivery: Delivery, event: DeliveryCommand, now = NOON) {
  const answer = moveDelivery(delivery, event, now);
  assert.ok(answer.outcome === "refused");
  assert.equal(answer.delivery, delivery);
  return "until" in answer ? [answer.reason, answer.until] : answer.reason;
}

const succeeded = move(sending, anEnd({ verdict: "succeeded" }));
const failed = move(sending, anEnd({ verdict: "failed" }));
const cancelled = move(sending, { kind: "cancel" });
const begun = { state: "sending", attemptCount: 1, tries: 1, busyUntil: at(30_000), dueAt: at(30_000) };

describe("a new delivery", () => {
  it("may begin with its first attempt under way", () => assert.deepEqual(gist(sending), begun));

  it("may wait for its first attempt", () => {
    const waits = { state: "pending", attemptCount: 0, tries: 0, nextAttemptAt: at(5000), dueAt: at(5000) };
    assert.deepEqual(gist(pending), waits);
  });

  it("has no dueAt while it is held", () => {
    assert.deepEqual(gist(held), { state: "held", attemptCount: 0, tries: 0 });
  });
});

describe("beginning an attempt", () => {
  it("counts it and excludes other senders for 30 s", () => {
    const busy = { busyUntil: at(35_000), dueAt: at(35_000) };
    assert.deepEqual(gist(move(pending, { kind: "begin" }, at(5000))), { ...begun, ...busy });
  });

  it("is refused before its time", () => {
    assert.deepEqual(refusal(pending, { kind: "begin" }, at(4999)), ["early", at(5000)]);
  });

  it("is refused while another sender is sending, and allowed once that one is late", () => {
    assert.deepEqual(refusal(sending, { kind: "begin" }, at(29_999)), ["busy", at(30_000)]);
    const taken = { state: "sending", attemptCount: 2, tries: 2, busyUntil: at(60_000), dueAt: at(60_000) };
    assert.deepEqual(gist(move(sending, { kind: "begin" }, at(30_000))), taken);
  });

  it("fails the delivery instead when the late sender made the tenth attempt", () => {
    const tenth = { ...sending, tries: 10, attemptCount: 12 };
    const gone = move(tenth, { kind: "begin" }, at(30_000));
    assert.deepEqual(gist(gone), { state: "failed", attemptCount: 12, tries: 10 });
  });

  for (const done of [succeeded, failed, cancelled, held]) {
    it(`is refused when the delivery is ${done.state}`, () =>
      assert.equal(refusal(done, { kind: "begin" }), "inactive"));
  }
});

describe("recording an attempt", () => {
  it("settles the delivery when it succeeded, and is recorded", () => {
    const attempt = { at: NOON, durationMs: 20, status: 200, excerpt: "ok", requestHeaders: { "webhook-id": "msg_x" } };
    const answer = moveDelivery(sending, anEnd({ verdict: "succeeded", attempt }), at(20));
    assert.ok(answer.outcome === "moved");
    assert.deepEqual(gist(answer.delivery), { state: "succeeded", attemptCount: 1, tries: 1 });
    assert.deepEqual(answer.delivery.last, { at: NOON, durationMs: 20, status: 200 });
    assert.deepEqual(answer.record, {
      deliveryId: "msg_0123456789abcdef0123456789abcdef",
      owner: "alice",
      number: 1,
      at: NOON,
      durationMs: 20,
      status: 200,
      excerpt: "ok",
      requestHeaders: { "webhook-id": "msg_x" },
      expireAt: new Date("2026-01-31T12:00:00.000Z"),
    });
  });

  it("sets the next attempt when it failed, and says so in the record", () => {
    const answer = moveDelivery(sending, anEnd(), at(1000));
    assert.ok(answer.outcome === "moved");
    const waits = { state: "pending", attemptCount: 1, tries: 1, nextAttemptAt: at(6000), dueAt: at(6000) };
    assert.deepEqual(gist(answer.delivery), waits);
    assert.deepEqual(answer.record?.nextAttemptAt, at(6000));
  });

  it("gives the receiver the time it asked for", () => {
    assert.deepEqual(move(sending, anEnd({ retryAfterMs: 120_000 }), at(1000)).nextAttemptAt, at(121_000));
  });

  it("fails the delivery with the tenth attempt of a round, however many there were before it", () => {
    const tenth = { ...sending, tries: 10, attemptCount: 14 };
    assert.equal(move(tenth, anEnd({ number: 14 })).state, "failed");
  });

  it("fails the delivery when it may never be sent", () => assert.equal(failed.state, "failed"));

  it("cancels the delivery when the endpoint answered 410", () => {
    assert.deepEqual(gist(move(sending, anEnd({ verdict: "gone" }))), {
      state: "cancelled",
      attemptCount: 1,
      tries: 1,
    });
  });

  it("does not count once another attempt has begun", () => {
    const second = move(sending, { kind: "begin" }, at(30_000));
    assert.equal(refusal(second, anEnd({ verdict: "succeeded" })), "superseded");
  });

  it("leaves a success as it is", () => assert.equal(refusal(succeeded, anEnd()), "inactive"));

  for (const [name, stopped] of [
    ["held", move(sending, { kind: "hold" })],
    ["cancelled", cancelled],
  ] as const) {
    it(`is recorded when the delivery was ${name} meanwhile, which stands unless it succeeded`, () => {
      const answer = moveDelivery(stopped, anEnd(), at(20));
      assert.ok(answer.outcome === "moved");
      assert.deepEqual([answer.delivery.state, answer.record?.status], [name, 500]);
      assert.equal(move(stopped, anEnd({ verdict: "succeeded" })).state, "succeeded");
    });
  }
});

describe("postponing", () => {
  const until = at(90_000);

  it("takes back an attempt that was begun, and reuses its number", () => {
    const later = move(sending, { kind: "postpone", until, hasReservedSlot: false, number: 1 });
    assert.deepEqual(gist(later), { state: "pending", attemptCount: 0, tries: 0, nextAttemptAt: until, dueAt: until });
    assert.equal(move(later, { kind: "begin" }, until).attemptCount, 1);
  });

  it("marks a slot reserved from the rate limit, until the attempt begins", () => {
    const reserved = move(pending, { kind: "postpone", until, hasReservedSlot: true });
    assert.equal(reserved.hasReservedSlot, true);
    assert.equal("hasReservedSlot" in move(reserved, { kind: "begin" }, until), false);
  });

  it("never brings an attempt forward", () => {
    assert.deepEqual(move(pending, { kind: "postpone", until: at(1), hasReservedSlot: false }).nextAttemptAt, at(5000));
  });

  it("does not take back another sender's attempt", () => {
    assert.equal(refusal(sending, { kind: "postpone", until, hasReservedSlot: false }), "superseded");
    const second = move(sending, { kind: "begin" }, at(30_000));
    assert.equal(refusal(second, { kind: "postpone", until, hasReservedSlot: false, number: 1 }), "superseded");
  });

  it("is refused when the delivery is inactive", () => {
    assert.equal(refusal(held, { kind: "postpone", until, hasReservedSlot: false }), "inactive");
  });
});

describe("holding and cancelling", () => {
  it("stops what is pending", () => {
    assert.deepEqual(gist(move(pending, { kind: "hold" })), { state: "held", attemptCount: 0, tries: 0 });
    assert.deepEqual(gist(move(pending, { kind: "cancel" })), { state: "cancelled", attemptCount: 0, tries: 0 });
  });

  it("cancels a held delivery, and holds no inactive one", () => {
    assert.equal(move(held, { kind: "cancel" }).state, "cancelled");
    for (const done of [succeeded, failed, cancelled]) assert.equal(refusal(done, { kind: "hold" }), "inactive");
    for (const done of [succeeded, failed, cancelled]) assert.equal(refusal(done, { kind: "cancel" }), "inactive");
  });
});

describe("sending again", () => {
  for (const done of [succeeded, failed, cancelled, held]) {
    it(`begins a new round when the delivery is ${done.state}`, () => {
      const again = move({ ...done, tries: 7, attemptCount: 7 }, { kind: "resend", at: at(1000) });
      const waits = { state: "pending", attemptCount: 7, tries: 0, nextAttemptAt: at(1000), dueAt: at(1000) };
      assert.deepEqual(gist(again), waits);
    });
  }

  it("is refused while an attempt is under way", () => {
    assert.deepEqual(refusal(sending, { kind: "resend", at: NOON }), ["busy", at(30_000)]);
  });

  it("is refused while the first attempt is about to begin, by a clock that is a little behind, too", () => {
    const again = gist(move(failed, { kind: "resend", at: at(1000) }));
    const asked = { ...failed, ...again, tries: 0, nextAttemptAt: at(1000) };
    assert.deepEqual(refusal(asked, { kind: "resend", at: at(900) }), ["busy", at(1000)]);
    assert.equal(move({ ...asked, nextAttemptAt: at(30_001) }, { kind: "resend", at: NOON }).tries, 0);
    assert.equal(move({ ...asked, tries: 1 }, { kind: "resend", at: NOON }).tries, 0);
  });
});
