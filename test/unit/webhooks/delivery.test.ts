import assert from "node:assert/strict";
import {
  beginDelivery,
  type Delivery,
  type DeliveryAttempt,
  endAttempt,
  isRetried,
  judgeOutcome,
  type NewDelivery,
} from "../../../functions/src/core/delivery.ts";

const WANTED: NewDelivery = {
  deliveryId: "msg_1",
  owner: "alice",
  jobId: "aaaaaaaaaaaaaaaaaaaa",
  endpointId: "job",
  event: "job.completed",
  expireAt: new Date("2026-01-31T12:00:00.000Z"),
};
const AT = new Date("2026-01-01T12:00:00.000Z");
const LATER = new Date("2026-01-01T12:00:05.000Z");
const ATTEMPT: DeliveryAttempt = { at: AT, durationMs: 40, status: 500 };

function begun(stored: Delivery | undefined, now: Date): Delivery {
  const beginning = beginDelivery(stored, WANTED, now);
  assert.equal(beginning.outcome, "begun");
  return beginning.outcome === "begun" ? beginning.delivery : assert.fail();
}

describe("beginDelivery", () => {
  it("gives the first sender 30 seconds", () => {
    assert.deepEqual(beginDelivery(undefined, WANTED, AT), {
      outcome: "begun",
      delivery: {
        ...WANTED,
        state: "sending",
        attemptCount: 1,
        attempts: [],
        busyUntil: new Date("2026-01-01T12:00:30.000Z"),
        createdAt: AT,
        updatedAt: AT,
      },
    });
  });

  it("holds a second sender off until then, and no longer", () => {
    const sending = begun(undefined, AT);
    const until = new Date("2026-01-01T12:00:30.000Z");
    assert.deepEqual(beginDelivery(sending, WANTED, new Date("2026-01-01T12:00:29.999Z")), { outcome: "busy", until });
    assert.equal(begun(sending, until).attemptCount, 2);
  });

  it("begins again at once after a failed attempt", () => {
    const waiting = endAttempt(begun(undefined, AT), ATTEMPT, "waiting", LATER);
    const again = begun(waiting, LATER);
    assert.equal(again.attemptCount, 2);
    assert.deepEqual(again.createdAt, AT);
    assert.deepEqual(again.attempts, [ATTEMPT]);
  });

  it("sends nothing more once the delivery succeeded or failed for good", () => {
    for (const state of ["succeeded", "failed"] as const) {
      const done = endAttempt(begun(undefined, AT), ATTEMPT, state, LATER);
      assert.deepEqual(beginDelivery(done, WANTED, LATER), { outcome: "done", state });
    }
  });
});

describe("endAttempt", () => {
  it("keeps a success, whatever a slower sender reports later", () => {
    const succeeded = endAttempt(begun(undefined, AT), { at: AT, durationMs: 9, status: 200 }, "succeeded", LATER);
    assert.equal(endAttempt(succeeded, ATTEMPT, "waiting", LATER).state, "succeeded");
    assert.equal(endAttempt(succeeded, ATTEMPT, "failed", LATER).state, "succeeded");
  });

  it("keeps the last 20 attempts and counts all", () => {
    let delivery = begun(undefined, AT);
    for (let i = 1; i <= 25; i++) {
      delivery = endAttempt(delivery, { ...ATTEMPT, durationMs: i }, "waiting", LATER);
      if (i < 25) delivery = begun(delivery, LATER);
    }
    assert.equal(delivery.attemptCount, 25);
    assert.equal(delivery.attempts.length, 20);
    assert.equal(delivery.attempts[0]?.durationMs, 6);
    assert.equal(delivery.attempts[19]?.durationMs, 25);
  });
});

describe("judgeOutcome", () => {
  const ofStatus = (status: number) => judgeOutcome({ outcome: "answered", status });

  it("takes 2xx for success", () => {
    for (const status of [200, 201, 202, 204, 299]) assert.equal(ofStatus(status), "succeeded", String(status));
  });

  it("retries redirects, refusals and server errors", () => {
    const statuses = [199, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 422, 429, 500, 502, 503, 504];
    for (const status of statuses) assert.equal(ofStatus(status), "retry", String(status));
  });

  it("takes 410 for the endpoint's end", () => {
    assert.equal(ofStatus(410), "gone");
  });

  it("retries when there was no answer, but not a blocked destination", () => {
    for (const kind of ["dns", "connect", "tls", "timeout", "protocol"] as const) {
      assert.equal(judgeOutcome({ outcome: "failed", kind }), "retry", kind);
    }
    assert.equal(judgeOutcome({ outcome: "failed", kind: "blocked_destination" }), "failed");
  });
});

describe("isRetried", () => {
  it("ends 24 hours after the job did", () => {
    assert.equal(isRetried(AT, new Date("2026-01-02T11:59:59.999Z")), true);
    assert.equal(isRetried(AT, new Date("2026-01-02T12:00:00.000Z")), false);
  });
});
