import assert from "node:assert/strict";
import sinon from "sinon";
import { verifyWebhook } from "../../../client/src/webhooks.ts";
import { EVENT, PUBLIC_KEY, refusal, SECRET, signed, signedAsymmetrically } from "./signed-webhooks.ts";

const OTHER_PUBLIC_KEY = "whpk_O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=";

describe("verifyWebhook with a public key", () => {
  it("gives the event of a signed body, from any kind of headers", () => {
    const { headers, body } = signedAsymmetrically(JSON.stringify(EVENT));
    assert.deepEqual(verifyWebhook(PUBLIC_KEY, headers, body), EVENT);
    assert.deepEqual(verifyWebhook(PUBLIC_KEY, new Headers(headers), body), EVENT);
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    assert.deepEqual(verifyWebhook(PUBLIC_KEY, { ...upper, cookie: ["a", "b"] }, body), EVENT);
  });

  it("signs what is not only ASCII byte for byte", () => {
    const { headers, body } = signedAsymmetrically(
      JSON.stringify({ ...EVENT, data: { ...EVENT.data, owner: "日本" } }),
    );
    assert.equal(verifyWebhook(PUBLIC_KEY, headers, body).type, "job.completed");
  });

  it("takes the keys of an endpoint, one of which fits during a rotation", () => {
    const { headers, body } = signedAsymmetrically(JSON.stringify(EVENT));
    assert.deepEqual(verifyWebhook([OTHER_PUBLIC_KEY, PUBLIC_KEY], headers, body), EVENT);
    assert.deepEqual(verifyWebhook([PUBLIC_KEY, OTHER_PUBLIC_KEY], headers, body), EVENT);
    assert.throws(() => verifyWebhook([OTHER_PUBLIC_KEY], headers, body), refusal("signature"));
  });

  it("takes secrets beside public keys", () => {
    const body = JSON.stringify(EVENT);
    for (const { headers } of [signed(body), signedAsymmetrically(body)]) {
      assert.deepEqual(verifyWebhook([PUBLIC_KEY, SECRET], headers, body), EVENT);
    }
  });

  it("believes one good signature among several", () => {
    const { headers, body } = signedAsymmetrically(JSON.stringify(EVENT));
    const several = { ...headers, "webhook-signature": `v1a,AAAA v1a v1,BBBB ${headers["webhook-signature"]}` };
    assert.deepEqual(verifyWebhook(PUBLIC_KEY, several, body), EVENT);
  });

  it("refuses a changed body, another id, and another key", () => {
    const { headers, body } = signedAsymmetrically(JSON.stringify(EVENT));
    const refused = (key: string, given: Record<string, string>, text: string) =>
      assert.throws(() => verifyWebhook(key, given, text), refusal("signature"));
    refused(PUBLIC_KEY, headers, body.replace("ada", "bob"));
    refused(PUBLIC_KEY, { ...headers, "webhook-id": "msg_2" }, body);
    refused(OTHER_PUBLIC_KEY, headers, body);
  });

  it("refuses a shared-secret signature made with the public key, which is no secret", () => {
    const { body } = signed(JSON.stringify(EVENT));
    for (const key of [Buffer.from(PUBLIC_KEY), Buffer.from(PUBLIC_KEY.slice(5), "base64")]) {
      const { headers } = signed(body, Date.now(), key);
      const asymmetric = { ...headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v1a,") };
      assert.throws(() => verifyWebhook(PUBLIC_KEY, headers, body), refusal("signature"));
      assert.throws(() => verifyWebhook(PUBLIC_KEY, asymmetric, body), refusal("signature"));
    }
  });

  it("refuses a missing header, and one that came twice", () => {
    const { headers, body } = signedAsymmetrically(JSON.stringify(EVENT));
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"] as const) {
      const twice = { ...headers, [name]: [headers[name], headers[name]] };
      for (const given of [{ ...headers, [name]: undefined }, twice]) {
        const expected = { name: "WebhookError", code: "signature", message: "Missing required headers" };
        assert.throws(() => verifyWebhook(PUBLIC_KEY, given, body), expected);
        assert.throws(() => verifyWebhook(SECRET, given, body), expected);
      }
    }
  });

  it("tells a signed body that is no event apart from a forged one", () => {
    for (const text of ['{"type":"job.exploded"}', "not json"]) {
      const { headers, body } = signedAsymmetrically(text);
      assert.throws(() => verifyWebhook(PUBLIC_KEY, headers, body), refusal("event"));
    }
  });

  it("blames the key, and not the signature, for a key that is none", () => {
    const { headers, body } = signedAsymmetrically(JSON.stringify(EVENT));
    for (const key of [
      "whpk_",
      "whpk_AAAA",
      `whpk_${Buffer.alloc(33).toString("base64")}`,
      SECRET.replace("sec", "sk"),
    ]) {
      assert.throws(() => verifyWebhook(key, headers, body), refusal("key"));
    }
  });
});

describe("verifyWebhook where Node's crypto is missing", () => {
  afterEach(() => sinon.restore());

  it("verifies with secrets, and says what public keys need", () => {
    sinon.stub(process, "getBuiltinModule").value(undefined);
    const body = JSON.stringify(EVENT);
    assert.deepEqual(verifyWebhook(SECRET, signed(body).headers, body), EVENT);
    assert.throws(() => verifyWebhook(PUBLIC_KEY, signedAsymmetrically(body).headers, body), /Node 20\.16/);
  });
});

describe("verifyWebhook at a given second", () => {
  let clock: sinon.SinonFakeTimers;
  afterEach(() => clock.restore());
  const standAt = (second: number) => {
    clock = sinon.useFakeTimers({ now: second * 1000, toFake: ["Date"] });
  };

  /** No event of ours: `event` says that the signature was believed, `signature` that it was not. */
  const vectors: [key: string, id: string, second: number, body: string, signature: string][] = [
    [
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330,
      '{"test": 2432232314}',
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ],
    [
      "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
      "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
      1_649_367_553,
      '{"email":"test@example.com","username":"test_user"}',
      "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ],
    [
      PUBLIC_KEY,
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330,
      '{"test": 2432232314}',
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    ],
  ];
  for (const [key, id, second, body, signature] of vectors) {
    const headers = { "webhook-id": id, "webhook-timestamp": String(second), "webhook-signature": signature };

    it(`believes the example of the specification that begins with ${signature.slice(0, 10)}, and only as it is`, () => {
      standAt(second);
      assert.throws(() => verifyWebhook(key, headers, body), refusal("event"));
      assert.throws(() => verifyWebhook(key, headers, `${body} `), refusal("signature"));
      const later = { ...headers, "webhook-timestamp": String(second + 1) };
      assert.throws(() => verifyWebhook(key, later, body), refusal("signature"));
    });

    for (const [offset, code] of [
      [-301, "signature"],
      [-300, "event"],
      [300, "event"],
      [301, "signature"],
    ] as const) {
      const verdict = code === "event" ? "believes" : "does not believe";
      it(`${verdict} ${signature.slice(0, 6)}... when the clock is ${offset} s away from it`, () => {
        standAt(second + offset);
        assert.throws(() => verifyWebhook(key, headers, body), refusal(code));
      });
    }

    it(`gives the same reason for a timestamp that is none, by ${signature.slice(0, 6)}...`, () => {
      standAt(second);
      const soon = { ...headers, "webhook-timestamp": "soon" };
      assert.throws(() => verifyWebhook(key, soon, body), { code: "signature", message: "Invalid Signature Headers" });
    });
  }
});
