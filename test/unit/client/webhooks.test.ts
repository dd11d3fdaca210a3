import assert from "node:assert/strict";
import { verifyWebhook } from "../../../client/src/webhooks.ts";
import { EVENT, refusal, SECRET, signed } from "./signed-webhooks.ts";

const ENDPOINT_EVENTS = [
  {
    type: "endpoint.test",
    timestamp: "2026-01-02T03:04:05.000Z",
    data: { endpointId: "ABCDEFGHIJ0123456789", message: "This is a test." },
  },
  {
    type: "endpoint.failing",
    timestamp: "2026-01-02T03:04:05.000Z",
    data: {
      endpointId: "ABCDEFGHIJ0123456789",
      message: "Every attempt has failed for 60 hours.",
      percent: 50,
      failingSince: "2025-12-30T15:04:05.000Z",
    },
  },
];

describe("verifyWebhook", () => {
  it("gives the event of a signed body", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    assert.deepEqual(verifyWebhook(SECRET, headers, body), EVENT);
  });

  for (const event of ENDPOINT_EVENTS) {
    it(`gives an ${event.type}`, () => {
      const { headers, body } = signed(JSON.stringify(event));
      assert.deepEqual(verifyWebhook(SECRET, headers, body), event);
    });
  }

  it("tells by its type what an event is about", () => {
    const about = ({ headers, body }: ReturnType<typeof signed>) => {
      const event = verifyWebhook(SECRET, headers, body);
      // The compiler knows which data each type has.
      return event.type === "endpoint.test" ? event.data.endpointId : "jobId" in event.data && event.data.jobId;
    };
    assert.equal(about(signed(JSON.stringify(EVENT))), "abcdefghij0123456789");
    assert.equal(about(signed(JSON.stringify(ENDPOINT_EVENTS[0]))), "ABCDEFGHIJ0123456789");
  });

  it("refuses a job's type over an endpoint's data", () => {
    const { headers, body } = signed(JSON.stringify({ ...ENDPOINT_EVENTS[0], type: "job.completed" }));
    assert.throws(() => verifyWebhook(SECRET, headers, body), refusal("event"));
  });

  it("reads Headers, letter case apart, and Node's own headers", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    assert.equal(verifyWebhook(SECRET, new Headers(headers), body).type, "job.completed");
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    assert.equal(verifyWebhook(SECRET, { ...upper, cookie: ["a", "b"], host: undefined }, body).type, "job.completed");
  });

  it("believes one good signature among several", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    const several = { ...headers, "webhook-signature": `v1,AAAA v1a,BBBB ${headers["webhook-signature"]}` };
    assert.equal(verifyWebhook(SECRET, several, body).type, "job.completed");
  });

  it("refuses a changed body", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    assert.throws(() => verifyWebhook(SECRET, headers, body.replace("ada", "bob")), refusal("signature"));
  });

  it("refuses another secret", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
    assert.throws(() => verifyWebhook(other, headers, body), refusal("signature"));
  });

  it("refuses a missing signature, and one that came twice", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    const { "webhook-signature": signature, ...rest } = headers;
    assert.throws(() => verifyWebhook(SECRET, rest, body), refusal("signature"));
    const twice = { ...rest, "webhook-signature": [signature, signature] };
    assert.throws(() => verifyWebhook(SECRET, twice, body), refusal("signature"));
  });

  it("refuses a webhook of ten minutes ago", () => {
    const { headers, body } = signed(JSON.stringify(EVENT), Date.now() - 600_000);
    assert.throws(() => verifyWebhook(SECRET, headers, body), refusal("signature"));
  });

  it("tells a signed body that is no event apart from a forged one", () => {
    const { headers, body } = signed('{"type":"job.exploded"}');
    assert.throws(() => verifyWebhook(SECRET, headers, body), refusal("event"));
    const plain = signed("not json");
    assert.throws(() => verifyWebhook(SECRET, plain.headers, plain.body), refusal("event"));
  });

  it("takes the raw body as bytes of any kind, and headers of any kind", () => {
    const { headers, body } = signed(JSON.stringify({ ...EVENT, data: { ...EVENT.data, owner: "日本" } }));
    const bytes = new TextEncoder().encode(body);
    for (const raw of [bytes, Buffer.from(body), bytes.buffer]) {
      assert.equal(verifyWebhook(SECRET, headers, raw).type, "job.completed");
    }
    const arrays = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    const pairs = Object.entries(headers);
    for (const given of [arrays, pairs, new Map(pairs)]) {
      assert.equal(verifyWebhook(SECRET, given, bytes).type, "job.completed");
    }
  });

  it("refuses a header that came twice in two letter cases", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    const twice = { ...headers, "Webhook-Id": "msg_1" };
    assert.throws(() => verifyWebhook(SECRET, twice, body), refusal("signature"));
  });

  it("throws nothing but WebhookError, for any arguments", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    const verify = verifyWebhook as (...given: unknown[]) => unknown;
    for (const raw of [EVENT, undefined, null, 7, new Uint8Array([0xff])]) {
      assert.throws(() => verify(SECRET, headers, raw), refusal("body"));
    }
    for (const given of [undefined, null, 7, "x", {}, [1], { "webhook-id": {} }, headers["webhook-id"]]) {
      assert.throws(() => verify(SECRET, given, body), refusal("signature"));
    }
    const unreadable = { [Symbol.iterator]: () => assert.fail("no headers") };
    for (const given of [
      unreadable,
      Object.defineProperty({}, "a", { enumerable: true, get: () => assert.fail("no") }),
    ]) {
      assert.throws(() => verify(SECRET, given, body), refusal("signature"));
    }
    for (const key of [
      undefined,
      null,
      "",
      " ",
      7,
      "whsec_",
      "whsec_*",
      [],
      [undefined],
      [SECRET.replace("whsec_", "whpk_x")],
    ]) {
      assert.throws(() => verify(key, headers, body), refusal("key"));
    }
  });

  it("refuses a key of fewer than 24 bytes, which can be guessed, though it fits", () => {
    for (const bytes of [1, 8, 23]) {
      const key = Buffer.alloc(bytes, 7);
      const { headers, body } = signed(JSON.stringify(EVENT), Date.now(), key);
      assert.throws(() => verifyWebhook(`whsec_${key.toString("base64")}`, headers, body), refusal("key"));
    }
    const least = Buffer.alloc(24, 7);
    const { headers, body } = signed(JSON.stringify(EVENT), Date.now(), least);
    assert.deepEqual(verifyWebhook(`whsec_${least.toString("base64")}`, headers, body), EVENT);
  });

  it("takes a key that ends in a line feed, and one that fits beside one that is none", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    assert.deepEqual(verifyWebhook(`${SECRET}\n`, headers, body), EVENT);
    assert.deepEqual(verifyWebhook(["whsec_*", SECRET], headers, body), EVENT);
  });

  it("gives the events, statuses and fields of a newer server as they are", () => {
    const newer = [
      { type: "job.paused", timestamp: "2027-01-02T03:04:05.000Z", data: { jobId: "a", until: 5 }, version: 2 },
      {
        ...EVENT,
        version: 2,
        data: { ...EVENT.data, status: "expired", error: { code: "c", message: "m", hint: "h" } },
      },
      { ...ENDPOINT_EVENTS[0], data: { ...ENDPOINT_EVENTS[0]?.data, region: "eu" } },
    ];
    for (const event of newer) {
      const { headers, body } = signed(JSON.stringify(event));
      assert.deepEqual(verifyWebhook(SECRET, headers, body), event);
    }
  });
});
