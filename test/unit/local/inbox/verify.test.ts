import assert from "node:assert/strict";
import { signatureHeaders } from "../../../../engine/src/webhooks/signing/sign.ts";
import { verifySignature } from "../../../../local/inbox/verify.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const PRIVATE_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
const OTHER_PUBLIC_KEY = "whpk_O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=";

function signed(secrets: string[], body: string, at = new Date()): Record<string, string> {
  return signatureHeaders(secrets, { id: "msg_1", at, body });
}

function problemOf(headers: Record<string, string>, body: string, key: string): string {
  const verification = verifySignature(headers, body, [{ name: "k", key }]);
  return verification.outcome === "failed" ? verification.problem : verification.outcome;
}

describe("the inbox's verification", () => {
  it("names the secret that signed a message", () => {
    const keys = [
      { name: "the owner's secret", key: OTHER },
      { name: "endpoint e1", key: SECRET },
    ];
    const verdict = verifySignature(signed([SECRET], "{}"), "{}", keys);
    assert.deepEqual(verdict, { outcome: "verified", signedWith: "endpoint e1" });
  });

  it("believes either secret of a rotation", () => {
    const headers = signed([SECRET, OTHER], "{}");
    assert.equal(problemOf(headers, "{}", SECRET), "verified");
    assert.equal(problemOf(headers, "{}", OTHER), "verified");
  });

  it("verifies v1a by the public key, among other signatures", () => {
    const headers = signed([PRIVATE_KEY], "{}");
    assert.match(String(headers["webhook-signature"]), /^v1a,/);
    const several = { ...headers, "webhook-signature": `v1,AAAA v1a,AAAA ${headers["webhook-signature"]}` };
    assert.equal(problemOf(headers, "{}", PUBLIC_KEY), "verified");
    assert.equal(problemOf(several, "{}", PUBLIC_KEY), "verified");
  });

  for (const [scheme, secret, key, otherKey] of [
    ["v1", SECRET, SECRET, OTHER],
    ["v1a", PRIVATE_KEY, PUBLIC_KEY, OTHER_PUBLIC_KEY],
  ] as const) {
    it(`says why a ${scheme} signature is not believed`, () => {
      const headers = signed([secret], "{}");
      const minutes = (count: number) => new Date(Date.now() + count * 60_000);
      assert.equal(problemOf(headers, "{ }", key), "No matching signature found (tried: k)");
      assert.equal(problemOf(headers, "{}", otherKey), "No matching signature found (tried: k)");
      assert.equal(problemOf(signed([secret], "{}", minutes(-6)), "{}", key), "Message timestamp too old (tried: k)");
      assert.equal(problemOf(signed([secret], "{}", minutes(6)), "{}", key), "Message timestamp too new (tried: k)");
      assert.equal(
        problemOf({ ...headers, "webhook-timestamp": "soon" }, "{}", key),
        "Invalid Signature Headers (tried: k)",
      );
      assert.equal(problemOf({}, "{}", key), "missing");
    });
  }

  it("says that no key is known", () => {
    const verdict = verifySignature(signed([SECRET], "{}"), "{}", []);
    assert.deepEqual(verdict, { outcome: "failed", problem: "no key is known for this message" });
  });
});
