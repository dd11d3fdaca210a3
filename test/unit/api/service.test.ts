import assert from "node:assert/strict";
import sinon from "sinon";
import { anApi } from "./an-api.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("authentication", () => {
  for (const path of ["/v1/jobs", "/v1/types", "/v1/webhook-secret", "/v1/jobs/BBBBBBBBBBBBBBBBBBBB/result"]) {
    it(`answers 401 with a challenge to GET ${path} without a token`, async () => {
      const { status, headers, body } = await anApi().call("GET", path);
      assert.deepEqual([status, body.code], [401, "unauthenticated"]);
      assert.equal(headers.get("www-authenticate"), "Bearer");
    });
  }

  for (const authorization of ["alice", "Basic YWxpY2U6", "Bearer", "Bearer a b", "Bearer é"]) {
    it(`does not take "${authorization}" for a token`, async () => {
      const verify = sinon.fake.rejects(new Error("not to be asked"));
      const { call } = anApi({ tokens: { verify } });
      const { status, body } = await call("GET", "/v1/types", { headers: { authorization } });
      assert.deepEqual([status, body.code], [401, "unauthenticated"]);
      assert.equal(verify.callCount, 0);
    });
  }

  it("reads the scheme in any case", async () => {
    const { call } = anApi();
    assert.equal((await call("GET", "/v1/types", { headers: { authorization: "bearer alice" } })).status, 200);
  });

  it("tells an expired token from a forged one", async () => {
    const { call } = anApi();
    const expired = await call("GET", "/v1/types", { as: "expired" });
    assert.deepEqual([expired.status, expired.body.code], [401, "token-expired"]);
    const forged = await call("GET", "/v1/types", { as: "forged" });
    assert.deepEqual([forged.status, forged.body.code], [401, "unauthenticated"]);
    for (const { headers } of [expired, forged]) {
      assert.equal(headers.get("www-authenticate"), 'Bearer error="invalid_token"');
    }
  });

  it("answers 503, not 401, when tokens cannot be checked, and says nothing of why", async () => {
    const { status, text } = await anApi().call("GET", "/v1/types", { as: "unchecked" });
    assert.equal(status, 503);
    assert.equal(text.includes("10.1.2.3"), false);
  });
});

describe("every answer", () => {
  const paths = ["/healthz", "/nowhere", "/v1/types", "/v1/jobs"];
  for (const path of paths) {
    it(`to ${path} has a request id and is not stored by caches`, async () => {
      const { headers } = await anApi().call("GET", path);
      assert.match(headers.get("x-request-id") ?? "", UUID);
      assert.equal(headers.get("cache-control"), "no-store");
    });
  }

  it("carries the caller's own request id, in the problem too", async () => {
    const { headers, body } = await anApi().call("GET", "/nowhere", { headers: { "x-request-id": "web-42" } });
    assert.equal(headers.get("x-request-id"), "web-42");
    assert.equal(body.requestId, "web-42");
  });

  for (const odd of ["x".repeat(129), 'a"b', "<script>"]) {
    it(`does not repeat the request id ${odd.slice(0, 10)}`, async () => {
      const { headers } = await anApi().call("GET", "/healthz", { headers: { "x-request-id": odd } });
      assert.match(headers.get("x-request-id") ?? "", UUID);
    });
  }

  it("may be read by pages of any origin, problems included", async () => {
    const { headers } = await anApi().call("GET", "/v1/jobs", { headers: { origin: "https://app.example" } });
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(
      headers.get("access-control-expose-headers"),
      "Idempotent-Replayed,Location,RateLimit,RateLimit-Policy,Retry-After,WWW-Authenticate,X-Request-Id",
    );
    assert.equal(headers.get("access-control-allow-credentials"), null);
  });
});

describe("a preflight", () => {
  it("is answered without a token, for the method and headers a browser asks about", async () => {
    const { status, headers } = await anApi().call("OPTIONS", "/v1/jobs/BBBBBBBBBBBBBBBBBBBB", {
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "authorization,content-type,idempotency-key",
      },
    });
    assert.equal(status, 204);
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(headers.get("access-control-allow-methods"), "GET,POST,PATCH,DELETE");
    assert.equal(headers.get("access-control-allow-headers"), "authorization,content-type,idempotency-key");
  });
});

describe("a path", () => {
  it("that does not exist is a 404 problem", async () => {
    const { status, headers, body } = await anApi().call("GET", "/v2/jobs");
    assert.equal(status, 404);
    assert.equal(headers.get("content-type"), "application/problem+json");
    assert.equal(body.type, "/problems/not-found");
  });

  for (const [method, path, allow] of [
    ["PUT", "/v1/jobs", "POST, GET, HEAD"],
    ["POST", "/v1/jobs/BBBBBBBBBBBBBBBBBBBB", "GET, HEAD, DELETE"],
    ["PATCH", "/v1/jobs/BBBBBBBBBBBBBBBBBBBB/result", "GET, HEAD"],
    ["POST", "/healthz", "GET, HEAD"],
    ["DELETE", "/openapi.json", "GET, HEAD"],
    ["PUT", "/v1/endpoints/BBBBBBBBBBBBBBBBBBBB", "GET, HEAD, PATCH, DELETE"],
    ["DELETE", "/v1/deliveries/msg_00000000000000000000000000000000", "GET, HEAD"],
  ] as const) {
    it(`answers ${method} ${path} with 405 and what it allows`, async () => {
      const { status, headers, body } = await anApi().call(method, path, { as: "alice" });
      assert.deepEqual([status, body.code, headers.get("allow")], [405, "method-not-allowed", allow]);
    });
  }
});

describe("an unexpected error", () => {
  it("is a 500 with the request id for the caller and the whole error for the log", async () => {
    const error = new Error("secret detail at /srv/app.js");
    const { call, log } = anApi({
      ownerSecrets: {
        read() {
          throw error;
        },
        rotate: async () => ({ outcome: "too-many" }),
      },
    });
    const answer = await call("GET", "/v1/webhook-secret", { as: "alice", headers: { "x-request-id": "r1" } });
    assert.deepEqual([answer.status, answer.body.code, answer.body.requestId], [500, "internal", "r1"]);
    assert.equal(answer.text.includes("secret detail"), false);
    assert.deepEqual(log.error.args, [["A request failed.", { event: "request.failed", requestId: "r1", error }]]);
  });
});

describe("what the service says about itself", () => {
  it("lists job types with JSON Schemas of what they take and give", async () => {
    const { status, body } = await anApi().call("GET", "/v1/types", { as: "alice" });
    assert.equal(status, 200);
    assert.deepEqual(
      body.types.map((type: { type: string }) => type.type),
      ["count.words"],
    );
    assert.deepEqual(body.types[0].inputSchema.required, ["text"]);
    assert.equal(body.types[0].inputSchema.properties.limit.default, 5);
    assert.equal(body.types[0].outputSchema.properties.words.type, "integer");
  });

  it("says that it runs, without authentication", async () => {
    const { status, body } = await anApi().call("GET", "/healthz");
    assert.deepEqual([status, body], [200, { status: "ok" }]);
  });
});

describe("GET /openapi.json", () => {
  it("describes every operation in OpenAPI 3.1", async () => {
    const { body } = await anApi().call("GET", "/openapi.json");
    assert.equal(body.openapi, "3.1.0");
    const operations = Object.entries<Record<string, { operationId: string }>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    );
    assert.deepEqual(operations.sort(), [
      "delete /v1/data eraseData",
      "delete /v1/endpoints/{endpointId} deleteEndpoint",
      "delete /v1/jobs/{jobId} cancelJob",
      "get /healthz health",
      "get /v1/deliveries listDeliveries",
      "get /v1/deliveries/{deliveryId} readDelivery",
      "get /v1/endpoints listEndpoints",
      "get /v1/endpoints/{endpointId} readEndpoint",
      "get /v1/endpoints/{endpointId}/recoveries listRecoveries",
      "get /v1/endpoints/{endpointId}/recoveries/{recoveryId} readRecovery",
      "get /v1/jobs listJobs",
      "get /v1/jobs/{jobId} readJob",
      "get /v1/jobs/{jobId}/result readResult",
      "get /v1/types listTypes",
      "get /v1/usage readUsage",
      "get /v1/webhook-secret readWebhookSecret",
      "patch /v1/endpoints/{endpointId} changeEndpoint",
      "post /v1/deliveries/{deliveryId}/resend resendDelivery",
      "post /v1/endpoints createEndpoint",
      "post /v1/endpoints/{endpointId}/disable disableEndpoint",
      "post /v1/endpoints/{endpointId}/enable enableEndpoint",
      "post /v1/endpoints/{endpointId}/recover recoverEndpoint",
      "post /v1/endpoints/{endpointId}/rotate rotateSecret",
      "post /v1/endpoints/{endpointId}/test testEndpoint",
      "post /v1/jobs submitJob",
      "post /v1/webhook-secret/rotate rotateWebhookSecret",
    ]);
  });

  it("names the schema of the body that it validates, and of what it answers", async () => {
    const { body } = await anApi().call("GET", "/openapi.json");
    const submit = body.paths["/v1/jobs"].post;
    const ref = (content: Record<string, { schema: unknown }>) => Object.values(content)[0]?.schema;
    assert.deepEqual(ref(submit.requestBody.content), { $ref: "#/components/schemas/SubmitJobRequest" });
    assert.deepEqual(ref(submit.responses[202].content), { $ref: "#/components/schemas/JobView" });
    assert.deepEqual(ref(submit.responses[413].content), { $ref: "#/components/schemas/Problem" });
    assert.deepEqual(body.components.schemas.SubmitJobRequest.required, ["type", "input"]);
  });

  it("names the headers that a submission takes, and those it answers with", async () => {
    const { body } = await anApi().call("GET", "/openapi.json");
    const { parameters, responses } = body.paths["/v1/jobs"].post;
    assert.deepEqual(
      parameters.map(({ in: place, name, required }: Record<string, unknown>) => [place, name, required]),
      [
        ["header", "Idempotency-Key", undefined],
        ["header", "traceparent", undefined],
      ],
    );
    assert.deepEqual(Object.keys(responses[202].headers), [
      "Location",
      "Idempotent-Replayed",
      "RateLimit-Policy",
      "RateLimit",
    ]);
    assert.deepEqual(Object.keys(responses[429].headers), ["Retry-After", "RateLimit-Policy", "RateLimit"]);
    assert.equal(responses[409].description, "`idempotency-conflict`");
  });

  it("points at no schema that it does not have", async () => {
    const { text, body } = await anApi().call("GET", "/openapi.json");
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? "");
    assert.equal(names.length > 0, true);
    for (const name of names) assert.equal(name in body.components.schemas, true, name);
  });
});
