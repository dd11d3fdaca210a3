import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { newWebhookKey, publicKeyOf } from "../../../engine/src/webhooks/signing/webhook-keys.ts";

/** Of Standard Webhooks' asymmetric keys: the seed, then the public key. */
const PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
const SIGNED = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
const SIGNATURE = "hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

const bytesOf = (key: string) => Buffer.from(key.slice("whsk_".length), "base64");
const url = (bytes: Buffer) => bytes.toString("base64url");

function privateKeyFrom(secret: string) {
  const [d, x] = [url(bytesOf(secret).subarray(0, 32)), url(bytesOf(secret).subarray(32))];
  return createPrivateKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", d, x } });
}

describe("a webhook key", () => {
  it("has 32 fresh bytes and no public half for v1", () => {
    const [one, other] = [newWebhookKey("v1"), newWebhookKey("v1")];
    assert.match(one.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.notEqual(one.secret, other.secret);
    assert.equal("publicKey" in one, false);
  });

  it("is a fresh ed25519 key for v1a, whose public half verifies what the private one signs", () => {
    const [one, other] = [newWebhookKey("v1a"), newWebhookKey("v1a")];
    assert.match(one.secret, /^whsk_[A-Za-z0-9+/]{86}==$/);
    assert.match(one.publicKey ?? "", /^whpk_[A-Za-z0-9+/]{43}=$/);
    assert.notEqual(one.secret, other.secret);
    const x = url(bytesOf(one.publicKey ?? ""));
    const publicKey = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
    const content = Buffer.from(SIGNED);
    assert.equal(verify(null, content, publicKey, sign(null, content, privateKeyFrom(one.secret))), true);
  });

  it("is written as the specification's vector is", () => {
    assert.equal(publicKeyOf(PRIVATE), PUBLIC);
    assert.equal(sign(null, Buffer.from(SIGNED), privateKeyFrom(PRIVATE)).toString("base64"), SIGNATURE);
  });

  it("has no public half when it is a shared secret, or of another length", () => {
    assert.equal(publicKeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), undefined);
    assert.equal(publicKeyOf("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc="), undefined);
  });
});
