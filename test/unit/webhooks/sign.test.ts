import assert from "node:assert/strict";
import { ownerSecret } from "../../../functions/src/webhooks/owner-secret.ts";
import { signatureHeaders } from "../../../functions/src/webhooks/sign.ts";
import { webhookId } from "../../../functions/src/webhooks/webhook-id.ts";

const SECRET_A = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SECRET_B = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const MESSAGE_A = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  at: new Date(1614265330_000),
  body: '{"test": 2432232314}',
};

describe("signatureHeaders", () => {
  it("signs the first published vector", () => {
    assert.deepEqual(signatureHeaders([SECRET_A], MESSAGE_A), {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("signs the second published vector", () => {
    const headers = signatureHeaders([SECRET_B], {
      id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
      at: new Date(1649367553_000),
      body: '{"email":"test@example.com","username":"test_user"}',
    });
    assert.equal(headers["webhook-signature"], "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
  });

  it("gives one signature for each live secret, in their order", () => {
    const [first, second, ...rest] =
      signatureHeaders([SECRET_B, SECRET_A], MESSAGE_A)["webhook-signature"]?.split(" ") ?? [];
    assert.match(first ?? "", /^v1,[A-Za-z0-9+/]{43}=$/);
    assert.equal(second, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert.deepEqual(rest, []);
  });

  it("sends the whole second an attempt falls in, and signs it", () => {
    const headers = signatureHeaders([SECRET_A], { ...MESSAGE_A, at: new Date(1614265330_999) });
    assert.equal(headers["webhook-timestamp"], "1614265330");
    assert.equal(headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("refuses to send unsigned", () => {
    assert.throws(() => signatureHeaders([], MESSAGE_A), /no live secret/);
    assert.throws(() => signatureHeaders(["whsec_"], MESSAGE_A));
    assert.throws(() => signatureHeaders(["whsec_%%%"], MESSAGE_A));
  });
});

describe("webhookId", () => {
  it("is the same for the same job, event and endpoint", () => {
    assert.equal(webhookId("job1", "job.completed", "job"), "msg_565f53bf8982c1eec1f45c6c17d6d3fc");
  });

  it("differs when the job, the event or the endpoint does", () => {
    const ids = [
      webhookId("job1", "job.completed", "job"),
      webhookId("job2", "job.completed", "job"),
      webhookId("job1", "job.failed", "job"),
      webhookId("job1", "job.completed", "endpoint1"),
    ];
    assert.equal(new Set(ids).size, 4);
  });
});

describe("ownerSecret", () => {
  const MASTER = "0123456789abcdef0123456789abcdef";

  it("derives 32 bytes from the master secret and the owner", () => {
    assert.equal(ownerSecret(MASTER, "user-1"), "whsec_zVXg/2fMGaRlL2+chEPzqpX25Ng153nVqUd1rbJPikg=");
  });

  it("gives another owner another secret", () => {
    assert.notEqual(ownerSecret(MASTER, "user-2"), ownerSecret(MASTER, "user-1"));
  });

  it("refuses an empty or short master secret by name", () => {
    assert.throws(() => ownerSecret("", "user-1"), /WEBHOOK_MASTER_SECRET has 0 characters; it needs at least 32/);
    assert.throws(() => ownerSecret(MASTER.slice(1), "user-1"), /WEBHOOK_MASTER_SECRET has 31 characters/);
  });
});
