import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { ownerSecret } from "../../../engine/src/webhooks/signing/owner-secret.ts";
import { signatureHeaders } from "../../../engine/src/webhooks/signing/sign.ts";
import { webhookId } from "../../../engine/src/webhooks/signing/webhook-id.ts";

const SECRET_A = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SECRET_B = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const MESSAGE_A = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  at: new Date(1614265330_000),
  body: '{"test": 2432232314}',
};

const PRIVATE_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const SIGNATURE_OF_A = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const ASYMMETRIC_SIGNATURE_OF_A =
  "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

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

  it("signs the third published vector, with ed25519", () => {
    assert.deepEqual(signatureHeaders([PRIVATE_KEY], MESSAGE_A), {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": ASYMMETRIC_SIGNATURE_OF_A,
    });
  });

  it("signs both ways while both kinds of secret are live", () => {
    const headers = signatureHeaders([PRIVATE_KEY, SECRET_A], MESSAGE_A);
    assert.equal(headers["webhook-signature"], `${ASYMMETRIC_SIGNATURE_OF_A} ${SIGNATURE_OF_A}`);
  });

  it("signs so that the public key, as the API shows it, verifies", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const { d = "", x = "" } = privateKey.export({ format: "jwk" });
    const secret = Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]).toString("base64");
    const whpk = publicKey.export({ format: "jwk" }).x ?? "";
    const signed = signatureHeaders([`whsk_${secret}`], { id: "msg_1", at: new Date(5000), body: '{"é":"\u2028"}' });
    const signature = Buffer.from(signed["webhook-signature"]?.slice("v1a,".length) ?? "", "base64");
    const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: whpk } });
    assert.equal(verify(null, Buffer.from('msg_1.5.{"é":"\u2028"}'), key, signature), true);
    assert.equal(verify(null, Buffer.from('msg_1.6.{"é":"\u2028"}'), key, signature), false);
  });

  it("signs so that the libraries of Standard Webhooks and Svix verify, for any body and secret", () => {
    const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => {
      return `whsec_${Buffer.from(bytes).toString("base64")}`;
    });
    fc.assert(
      fc.property(fc.array(secrets, { minLength: 1, maxLength: 3 }), fc.jsonValue(), (live, value) => {
        const body = JSON.stringify({ value });
        const signed = signatureHeaders([...live, PRIVATE_KEY], { id: "msg_1", at: new Date(), body });
        for (const secret of live) {
          new Webhook(secret).verify(body, signed);
          new SvixWebhook(secret).verify(body, signed);
        }
        assert.throws(() => new Webhook(live[0] ?? "").verify(`${body} `, signed), /No matching signature/);
        assert.throws(() => new SvixWebhook(live[0] ?? "").verify(`${body} `, signed), /No matching signature/);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses an ed25519 key whose signatures could not be verified, without repeating it", () => {
    const bytes = Buffer.from(PRIVATE_KEY.slice("whsk_".length), "base64");
    const seedOnly = `whsk_${bytes.subarray(0, 32).toString("base64")}`;
    const mixed = `whsk_${Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(32, 7)]).toString("base64")}`;
    assert.throws(() => signatureHeaders([seedOnly], MESSAGE_A), /^Error: a whsk_ secret is 64 bytes in base64/);
    assert.throws(() => signatureHeaders([mixed], MESSAGE_A), /^Error: a whsk_ secret's two halves differ$/);
  });

  it("signs with a shared secret of 24 to 64 bytes, and with no other", () => {
    const signWith = (bytes: number) =>
      signatureHeaders([`whsec_${Buffer.alloc(bytes, 7).toString("base64")}`], MESSAGE_A);
    for (const bytes of [24, 64]) assert.match(signWith(bytes)["webhook-signature"] ?? "", /^v1,/);
    for (const bytes of [1, 23, 65]) {
      assert.throws(
        () => signWith(bytes),
        new RegExp(`^Error: a whsec_ secret is 24 to 64 bytes in base64; this one is ${bytes}$`),
      );
    }
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

  it("derives another secret for each generation", () => {
    assert.equal(ownerSecret(MASTER, "user-1", 0), "whsec_zVXg/2fMGaRlL2+chEPzqpX25Ng153nVqUd1rbJPikg=");
    assert.equal(ownerSecret(MASTER, "user-1", 1), "whsec_1AcOVXugWHFbTsIisX76/ki030ENPcM+AXtIqkJblGE=");
  });

  it("gives another owner another secret, for any owners and generations", () => {
    const owners = ["user-1", "user-2", "1:user-1", "-1:user-1", ":user-1", "webhook-secret-1:user-1"];
    const secrets = owners.flatMap((owner) => [0, 1, 11].map((generation) => ownerSecret(MASTER, owner, generation)));
    assert.equal(new Set(secrets).size, 18);
  });

  it("refuses an empty or short master secret by name", () => {
    assert.throws(() => ownerSecret("", "user-1"), /WEBHOOK_MASTER_SECRET has 0 characters; it needs at least 32/);
    assert.throws(() => ownerSecret(MASTER.slice(1), "user-1"), /WEBHOOK_MASTER_SECRET has 31 characters/);
  });
});
