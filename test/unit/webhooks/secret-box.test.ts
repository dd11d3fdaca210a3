import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SecretBoxError, secretBox } from "../../../engine/src/webhooks/signing/secret-box.ts";

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString("base64");
const OLD = `old:${keyOf(1)}`;
const NEW = `new.2:${keyOf(2)}`;
const CONTEXT = "endpoints/e1/secrets/s1";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Fails unless `act` throws an error of this code that tells nothing of what it was about. */
function assertRefused(act: () => unknown, code: string, secrets: readonly string[] = [SECRET, CONTEXT]): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(error instanceof SecretBoxError);
    assert.equal(error.code, code);
    for (const secret of secrets) assert.equal(inspect(error).includes(secret), false);
    return true;
  });
}

describe("the secret box", () => {
  const box = secretBox(`${NEW},${OLD}`);

  it("opens what it sealed, and shows nothing of it", () => {
    const sealed = box.seal(SECRET, CONTEXT);
    assert.equal(box.open(sealed, CONTEXT), SECRET);
    assert.equal(JSON.stringify(sealed).includes("MfKQ9"), false);
    assert.equal(Buffer.from(sealed.nonce, "base64").length, 12);
    assert.equal(Buffer.from(sealed.box, "base64").length, 38 + 16);
  });

  it("keeps empty and non-ASCII text", () => {
    for (const text of ["", "schlüssel 🔑 \u0000"]) assert.equal(box.open(box.seal(text, CONTEXT), CONTEXT), text);
  });

  it("opens a box of another implementation: nonce, then ciphertext and tag together", () => {
    // Made with Python's cryptography 48: AESGCM(bytes([1]) * 32).encrypt(bytes([7]) * 12, b"hello",
    // b"endpoints/e1/secrets/s1").
    const sealed = { keyId: "old", nonce: "BwcHBwcHBwcHBwcH", box: "5ZaGyGAsTq+T7r3wUpmAYqMHGGFO" };
    assert.equal(box.open(sealed, CONTEXT), "hello");
  });

  it("seals the same secret differently each time", () => {
    const [one, other] = [box.seal(SECRET, CONTEXT), box.seal(SECRET, CONTEXT)];
    assert.notEqual(one.nonce, other.nonce);
    assert.notEqual(one.box, other.box);
  });

  it("seals with the newest key, and opens with any", () => {
    const old = secretBox(OLD).seal(SECRET, CONTEXT);
    assert.deepEqual([old.keyId, box.seal(SECRET, CONTEXT).keyId], ["old", "new.2"]);
    assert.equal(box.open(old, CONTEXT), SECRET);
  });

  it("does not open for another context", () => {
    const sealed = box.seal(SECRET, CONTEXT);
    assertRefused(() => box.open(sealed, "endpoints/e2/secrets/s1"), "damaged");
  });

  it("does not open a box that was changed anywhere", () => {
    const sealed = box.seal(SECRET, CONTEXT);
    const flipped = (text: string, at: number) => {
      const bytes = Buffer.from(text, "base64");
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      return bytes.toString("base64");
    };
    assertRefused(() => box.open({ ...sealed, nonce: flipped(sealed.nonce, 0) }, CONTEXT), "damaged");
    assertRefused(() => box.open({ ...sealed, nonce: "" }, CONTEXT), "damaged");
    assertRefused(() => box.open({ ...sealed, box: "" }, CONTEXT), "damaged");
    assertRefused(() => box.open({ ...sealed, box: sealed.box.slice(4) }, CONTEXT), "damaged");
    for (let at = 0; at < 54; at++) {
      assertRefused(() => box.open({ ...sealed, box: flipped(sealed.box, at) }, CONTEXT), "damaged");
    }
  });

  it("does not open with another key, known or not", () => {
    const sealed = box.seal(SECRET, CONTEXT);
    assertRefused(() => box.open({ ...sealed, keyId: "old" }, CONTEXT), "damaged");
    assertRefused(() => secretBox(OLD).open(sealed, CONTEXT), "unknown-key");
  });

  it("throws at once for malformed keys, without repeating them", () => {
    const short = Buffer.alloc(31, 3).toString("base64");
    const malformed: [string, RegExp][] = [
      [`${NEW},${keyOf(5)}`, /^encryption key 2 has no id/],
      [`:${keyOf(5)}`, /^encryption key 1 has no id/],
      [`a b:${keyOf(5)}`, /^encryption key 1 has no id/],
      [`${NEW},`, /^encryption key 2 has no id/],
      [`${NEW},${NEW}`, /^encryption key 2 has the id of another/],
      [`a:${short}`, /^encryption key 1 is not 32 bytes/],
      [`a:${keyOf(5).replace("=", "!")}`, /^encryption key 1 is not 32 bytes/],
    ];
    for (const [keys, message] of malformed) {
      assert.throws(() => secretBox(keys), { name: "SecretBoxError", code: "bad-keys", message });
      assertRefused(() => secretBox(keys), "bad-keys", [keyOf(5), short, keyOf(2)]);
    }
  });

  it("needs no key until a secret is sealed", () => {
    const empty = secretBox(" ");
    assertRefused(() => empty.seal(SECRET, CONTEXT), "no-key");
    assertRefused(() => empty.open(box.seal(SECRET, CONTEXT), CONTEXT), "unknown-key");
  });
});
