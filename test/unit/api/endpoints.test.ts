import assert from "node:assert/strict";
import sinon from "sinon";
import { anApi } from "./an-api.ts";

const URL = "https://example.com/hook";
const FIRST = "/v1/endpoints/BBBBBBBBBBBBBBBBBBB1";

describe("POST /v1/endpoints", () => {
  it("answers 201 with the endpoint, its secret this once, and where to read it", async () => {
    const { send } = anApi();
    const { status, headers, body } = await send("POST", "/v1/endpoints", { url: URL });
    assert.deepEqual([status, headers.get("location")], [201, "endpoints/BBBBBBBBBBBBBBBBBBB1"]);
    assert.deepEqual(body, {
      endpointId: "BBBBBBBBBBBBBBBBBBB1",
      url: "https://example.com/hook",
      description: "",
      events: [],
      types: [],
      headerNames: [],
      scheme: "v1",
      health: { failures: 0 },
      createdAt: "2026-03-01T12:00:00.000Z",
      updatedAt: "2026-03-01T12:00:00.000Z",
      secret: "whsec_1",
    });
    const { secret, ...shown } = body;
    assert.deepEqual((await send("GET", FIRST)).body, shown);
    assert.deepEqual((await send("GET", "/v1/endpoints")).body, { endpoints: [shown] });
    assert.equal(secret, "whsec_1");
  });

  it("keeps filters, rate limit and description, and of custom headers shows the names alone", async () => {
    const { send, endpoints } = anApi();
    const wish = {
      url: URL,
      events: ["job.completed", "endpoint.failing"],
      types: ["count.words"],
      headers: { "X-Team": "blue", Authorization: "Bearer s3cret" },
      description: "orders",
      rateLimit: 0.5,
    };
    const { text, body } = await send("POST", "/v1/endpoints", wish);
    assert.deepEqual(body.events, ["job.completed", "endpoint.failing"]);
    assert.deepEqual(body.types, ["count.words"]);
    assert.deepEqual(body.headerNames, ["authorization", "x-team"]);
    assert.deepEqual([body.description, body.rateLimit], ["orders", 0.5]);
    const read = await send("GET", FIRST);
    assert.equal((text + read.text).includes("s3cret"), false);
    const { headers } = await endpoints.readKeys("BBBBBBBBBBBBBBBBBBB1", new Date());
    assert.deepEqual(headers, { authorization: "Bearer s3cret", "x-team": "blue" });
  });

  it("gives an asymmetric endpoint a public key and never shows the private one", async () => {
    const { send, endpoints } = anApi();
    const { body, text } = await send("POST", "/v1/endpoints", { url: URL, scheme: "v1a" });
    assert.deepEqual(body.publicKeys, ["whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="]);
    assert.equal("secret" in body, false);
    assert.equal(text.includes("whsk_"), false);
    const { secrets } = await endpoints.readKeys("BBBBBBBBBBBBBBBBBBB1", new Date());
    assert.match(secrets[0] ?? "", /^whsk_/);
  });

  it("has a limit by tier, which answers 409 and says what to do", async () => {
    const { send } = anApi();
    for (let i = 0; i < 2; i += 1) assert.equal((await send("POST", "/v1/endpoints", { url: URL }, "tim")).status, 201);
    const { status, body } = await send("POST", "/v1/endpoints", { url: URL }, "tim");
    assert.deepEqual([status, body.code], [409, "too-many-endpoints"]);
    assert.equal(body.detail, "You have 2 endpoints, which is your limit. Delete one, or change one to what you need.");
    assert.equal((await send("POST", "/v1/endpoints", { url: URL }, "alice")).status, 201);
  });

  it("answers 503 with what the operator must set, and stores nothing, where secrets cannot be encrypted", async () => {
    const { send, endpoints } = anApi({ encryptsSecrets: false });
    const { status, body } = await send("POST", "/v1/endpoints", { url: URL });
    assert.deepEqual([status, body.code], [503, "unavailable"]);
    assert.match(body.detail, /WEBHOOK_ENCRYPTION_KEYS/);
    assert.deepEqual(await endpoints.listOf("alice"), []);
  });

  const list = (count: number) => Array.from({ length: count }, () => "job.failed");
  const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, "v"]));
  /** Six headers of 6,000 characters in all, names included, and `more`. */
  const sixHeaders = (more: number) =>
    Object.fromEntries(
      ["a", "b", "c", "d", "e", "f"].map((name) => [name, "v".repeat(999 + (name === "f" ? more : 0))]),
    );
  const refused: [name: string, wish: unknown, code: string, pointer: string][] = [
    ["no URL", {}, "invalid-request", "/url"],
    ["a URL the guard refuses", { url: "https://10.0.0.1/" }, "webhook-url-refused", "/url"],
    ["a URL of 2,049 characters", { url: "h".repeat(2049) }, "invalid-request", "/url"],
    ["an unknown event", { url: URL, events: ["job.completed", "job.exploded"] }, "invalid-request", "/events/1"],
    ["51 events", { url: URL, events: list(51) }, "invalid-request", "/events"],
    ["an unknown job type", { url: URL, types: ["count.words", "count.word"] }, "unknown-job-type", "/types/1"],
    ["51 types", { url: URL, types: list(51) }, "invalid-request", "/types"],
    ["a header of the network", { url: URL, headers: { Host: "x" } }, "invalid-request", "/headers/Host"],
    [
      "a header of the signature",
      { url: URL, headers: { "Webhook-Id": "x" } },
      "invalid-request",
      "/headers/Webhook-Id",
    ],
    ["a header with a slash", { url: URL, headers: { "x/y": "v" } }, "invalid-request", "/headers/x~1y"],
    [
      "a header that breaks the line",
      { url: URL, headers: { "x-a": "v\r\nx-b: w" } },
      "invalid-request",
      "/headers/x-a",
    ],
    [
      "a header value of 1,001 characters",
      { url: URL, headers: { a: "v".repeat(1001) } },
      "invalid-request",
      "/headers/a",
    ],
    ["21 headers", { url: URL, headers: named(21) }, "invalid-request", "/headers"],
    [
      "a header name of 65 characters",
      { url: URL, headers: { ["a".repeat(65)]: "v" } },
      "invalid-request",
      `/headers/${"a".repeat(65)}`,
    ],
    ["headers of 6,001 characters", { url: URL, headers: sixHeaders(1) }, "invalid-request", "/headers"],
    ["a description of 501 characters", { url: URL, description: "d".repeat(501) }, "invalid-request", "/description"],
    ["a rate of 0", { url: URL, rateLimit: 0 }, "invalid-request", "/rateLimit"],
    ["a rate of 1,001", { url: URL, rateLimit: 1001 }, "invalid-request", "/rateLimit"],
    ["an unknown scheme", { url: URL, scheme: "v2" }, "invalid-request", "/scheme"],
    ["a misspelt field", { url: URL, event: [] }, "invalid-request", "/event"],
  ];
  for (const [name, wish, code, pointer] of refused) {
    it(`refuses ${name} with ${code} at ${pointer}, and stores nothing`, async () => {
      const { send, endpoints } = anApi();
      const { status, body } = await send("POST", "/v1/endpoints", wish);
      assert.deepEqual([status, body.code, body.errors?.[0]?.pointer], [400, code, pointer]);
      assert.deepEqual(await endpoints.listOf("alice"), []);
    });
  }

  const allowed: [name: string, headers: Record<string, string>][] = [
    ["20 headers", named(20)],
    ["a header name of 64 characters", { ["a".repeat(64)]: "v" }],
    ["a header value of 1,000 characters", { a: "v".repeat(1000) }],
    ["headers of 6,000 characters", sixHeaders(0)],
  ];
  for (const [name, headers] of allowed) {
    it(`allows ${name}`, async () => {
      assert.equal((await anApi().send("POST", "/v1/endpoints", { url: URL, headers })).status, 201);
    });
  }

  it("answers 503 when the store is unreachable, without naming it", async () => {
    const endpoints = { ...anApi().endpoints, create: sinon.fake.rejects(new Error("14 UNAVAILABLE 10.0.0.8")) };
    const { status, text } = await anApi({ endpoints }).send("POST", "/v1/endpoints", { url: URL });
    assert.equal(status, 503);
    assert.equal(text.includes("10.0.0.8"), false);
  });
});

describe("PATCH /v1/endpoints/{endpointId}", () => {
  const WHOLE = { url: URL, events: ["job.failed"], types: ["count.words"], headers: { a: "1" }, rateLimit: 5 };

  it("changes the named fields and leaves the others", async () => {
    const { send } = anApi();
    const { secret: _, ...before } = (await send("POST", "/v1/endpoints", { ...WHOLE, description: "d" })).body;
    const { status, body } = await send("PATCH", FIRST, { url: "https://example.com/new", rateLimit: 7 });
    assert.equal(status, 200);
    assert.deepEqual(body, { ...before, url: "https://example.com/new", rateLimit: 7 });
    assert.deepEqual((await send("GET", FIRST)).body, body);
  });

  it("clears what is null", async () => {
    const { send, endpoints } = anApi();
    await send("POST", "/v1/endpoints", { ...WHOLE, description: "d" });
    const nothing = { events: null, types: null, headers: null, description: null, rateLimit: null };
    const { body } = await send("PATCH", FIRST, nothing);
    const { events, types, headerNames, description } = body;
    assert.deepEqual([events, types, headerNames, description, "rateLimit" in body], [[], [], [], "", false]);
    assert.deepEqual((await endpoints.readKeys("BBBBBBBBBBBBBBBBBBB1", new Date())).headers, {});
  });

  it("replaces all custom headers, and keeps them when it names none", async () => {
    const { send, endpoints } = anApi();
    await send("POST", "/v1/endpoints", WHOLE);
    await send("PATCH", FIRST, { description: "x" });
    assert.deepEqual((await endpoints.readKeys("BBBBBBBBBBBBBBBBBBB1", new Date())).headers, { a: "1" });
    const { body } = await send("PATCH", FIRST, { headers: { B: "2" } });
    assert.deepEqual(body.headerNames, ["b"]);
    assert.deepEqual((await endpoints.readKeys("BBBBBBBBBBBBBBBBBBB1", new Date())).headers, { b: "2" });
  });

  const refused: [name: string, change: unknown, code: string, pointer: string][] = [
    ["a URL the guard refuses", { url: "https://10.0.0.1/" }, "webhook-url-refused", "/url"],
    ["no URL", { url: null }, "invalid-request", "/url"],
    ["a reserved header", { headers: { "metadata-flavor": "Google" } }, "invalid-request", "/headers/metadata-flavor"],
    ["an unknown job type", { types: ["none"] }, "unknown-job-type", "/types/0"],
    ["another scheme", { scheme: "v1a" }, "invalid-request", "/scheme"],
    ["nothing", {}, "invalid-request", ""],
  ];
  for (const [name, change, code, pointer] of refused) {
    it(`refuses ${name} with ${code}, and changes nothing`, async () => {
      const { send } = anApi();
      const { secret: _, ...before } = (await send("POST", "/v1/endpoints", WHOLE)).body;
      const { status, body } = await send("PATCH", FIRST, change);
      assert.deepEqual([status, body.code, body.errors?.[0]?.pointer], [400, code, pointer]);
      assert.deepEqual((await send("GET", FIRST)).body, before);
    });
  }

  it("keeps no header where secrets cannot be encrypted, and changes anything else", async () => {
    const { send, endpoints } = anApi();
    await send("POST", "/v1/endpoints", { url: URL });
    const keyless = anApi({ endpoints, encryptsSecrets: false });
    assert.equal((await keyless.send("PATCH", FIRST, { headers: { a: "1" } })).status, 503);
    assert.equal((await keyless.send("PATCH", FIRST, { description: "x" })).status, 200);
  });
});

describe("DELETE /v1/endpoints/{endpointId}", () => {
  it("answers 204 and leaves nothing to read", async () => {
    const { send } = anApi();
    await send("POST", "/v1/endpoints", { url: URL });
    const { status, text } = await send("DELETE", FIRST);
    assert.deepEqual([status, text], [204, ""]);
    assert.equal((await send("GET", FIRST)).status, 404);
    assert.equal((await send("DELETE", FIRST)).status, 404);
    assert.deepEqual((await send("GET", "/v1/endpoints")).body, { endpoints: [] });
  });
});

describe("another owner's endpoint", () => {
  const requests: [method: string, path: string, body?: unknown][] = [
    ["GET", ""],
    ["PATCH", "", { description: "mine" }],
    ["DELETE", ""],
    ["POST", "/disable"],
    ["POST", "/enable"],
    ["POST", "/rotate"],
    ["POST", "/test"],
    ["POST", "/recover", { since: "2026-02-01T00:00:00Z" }],
    ["GET", "/recoveries"],
    ["GET", "/recoveries/CCCCCCCCCCCCCCCCCCCC"],
  ];
  for (const [method, path, body] of requests) {
    it(`is not found by ${method} ${path || "itself"}: neither by another user nor by an admin`, async () => {
      const { send, endpoints, deliveries, recoveries, publishDelivery } = anApi();
      await send("POST", "/v1/endpoints", { url: URL });
      const before = await endpoints.read("BBBBBBBBBBBBBBBBBBB1");
      for (const caller of ["bob", "admin"]) {
        const [foreign, unknown, odd] = [
          await send(method, FIRST + path, body, caller),
          await send(method, `/v1/endpoints/CCCCCCCCCCCCCCCCCCCC${path}`, body, caller),
          await send(method, `/v1/endpoints/__x__${path}`, body, caller),
        ];
        assert.deepEqual([foreign.status, foreign.body.code], [404, "not-found"]);
        const { requestId: _, ...problem } = foreign.body;
        for (const answer of [unknown, odd]) {
          assert.deepEqual(
            [answer.status, { ...answer.body, requestId: undefined }],
            [404, { ...problem, requestId: undefined }],
          );
        }
      }
      assert.deepEqual(await endpoints.read("BBBBBBBBBBBBBBBBBBB1"), before);
      assert.deepEqual([deliveries.all(), recoveries.all(), publishDelivery.callCount], [[], [], 0]);
    });
  }

  it("is not in the list of another user", async () => {
    const { send } = anApi();
    await send("POST", "/v1/endpoints", { url: URL });
    for (const caller of ["bob", "admin"]) {
      assert.deepEqual((await send("GET", "/v1/endpoints", undefined, caller)).body, { endpoints: [] });
    }
  });
});
