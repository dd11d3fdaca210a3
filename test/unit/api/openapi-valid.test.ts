import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { anApi } from "./an-api.ts";

const VALUES = [null, [null], [[null, [null]]], { a: null, b: [null, { c: null }] }, [], {}, 0, -1.5, "", true];

/** Checks values against the schemas of the document, by name. */
async function aDocument() {
  const api = anApi();
  const { body: document } = await api.call("GET", "/openapi.json");
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi");
  const errorsOf = (name: string, value: unknown) => {
    const schema = ajv.getSchema(`openapi#/components/schemas/${name}`);
    assert.ok(schema, `the document has no schema ${name}`);
    return schema(value) ? [] : schema.errors;
  };
  /** The schema that the document names for an answer of an operation. */
  const answerErrors = (method: string, path: string, status: number, value: unknown) => {
    const answer = document.paths[path][method].responses[status];
    const [content] = Object.values<{ schema: { $ref: string } }>(answer.content);
    return errorsOf(content?.schema.$ref.split("/").at(-1) ?? "", value);
  };
  return { ...api, document, errorsOf, answerErrors };
}

describe("the OpenAPI document", () => {
  it("is valid by the schema of OpenAPI 3.1", async () => {
    const { document } = await aDocument();
    const { valid, errors } = await new Validator().validate(document);
    assert.deepEqual([valid, errors], [true, undefined]);
  });

  it("uses no oneOf: a value that fits two branches of it fits none", async () => {
    const { document } = await aDocument();
    assert.doesNotMatch(JSON.stringify(document), /"oneOf"/);
  });

  it("takes every JSON value where one may stand, nulls at any depth too", async () => {
    const { errorsOf } = await aDocument();
    for (const value of VALUES) {
      assert.deepEqual(errorsOf("JsonValue", value), [], JSON.stringify(value));
      assert.deepEqual(errorsOf("SubmitJobRequest", { type: "count.words", input: value }), [], JSON.stringify(value));
    }
  });

  const requests: [name: string, valid: boolean, request: object][] = [
    ["SubmitJobRequest", true, { type: "t", input: [null], tags: ["a"], metadata: { a: "b" }, orderingKey: "k" }],
    ["SubmitJobRequest", false, { type: "t" }],
    ["SubmitJobRequest", false, { type: "t", input: null, unknown: 1 }],
    ["CreateEndpointRequest", true, { url: "https://a.example", events: [], rateLimit: 0.5, scheme: "v1a" }],
    ["CreateEndpointRequest", false, {}],
    ["ChangeEndpointRequest", true, { events: null, types: null, headers: null, description: null, rateLimit: null }],
    ["ChangeEndpointRequest", false, { url: null }],
    ["RotateSecretRequest", true, {}],
    ["RotateSecretRequest", false, { overlapSeconds: -1 }],
    ["RecoverEndpointRequest", true, { since: "2026-03-01T00:00:00+01:00" }],
    ["RecoverEndpointRequest", false, { since: "yesterday" }],
  ];
  for (const [name, valid, request] of requests) {
    it(`${valid ? "allows" : "does not allow"} ${name} ${JSON.stringify(request)}`, async () => {
      const { errorsOf } = await aDocument();
      assert.equal(errorsOf(name, request)?.length === 0, valid);
    });
  }

  it("describes what the API answers", async () => {
    const { call, submit, send, answerErrors } = await aDocument();
    const job = await submit({ type: "count.words", input: { text: "a", anything: [null] } });
    assert.deepEqual(answerErrors("post", "/v1/jobs", 202, job.body), []);
    const endpoint = await send("POST", "/v1/endpoints", { url: "https://a.example", scheme: "v1a" });
    assert.deepEqual(answerErrors("post", "/v1/endpoints", 201, endpoint.body), []);
    const at = `/v1/endpoints/${endpoint.body.endpointId}`;
    const answers: [method: string, path: string, asked: string, status: number, body?: object][] = [
      ["get", "/v1/jobs", "/v1/jobs", 200],
      ["get", "/v1/jobs/{jobId}", `/v1/jobs/${job.body.jobId}`, 200],
      ["get", "/v1/jobs/{jobId}/result", `/v1/jobs/${job.body.jobId}/result`, 409],
      ["delete", "/v1/jobs/{jobId}", `/v1/jobs/${job.body.jobId}`, 200],
      ["get", "/v1/types", "/v1/types", 200],
      ["get", "/v1/usage", "/v1/usage", 200],
      ["get", "/v1/webhook-secret", "/v1/webhook-secret", 200],
      ["post", "/v1/webhook-secret/rotate", "/v1/webhook-secret/rotate", 200, { overlapSeconds: 60 }],
      ["post", "/v1/webhook-secret/rotate", "/v1/webhook-secret/rotate", 400, { overlapSeconds: -1 }],
      ["get", "/v1/endpoints", "/v1/endpoints", 200],
      ["patch", "/v1/endpoints/{endpointId}", at, 200, { description: "x" }],
      ["post", "/v1/endpoints/{endpointId}/rotate", `${at}/rotate`, 200, {}],
      ["post", "/v1/endpoints/{endpointId}/test", `${at}/test`, 202],
      ["post", "/v1/endpoints/{endpointId}/recover", `${at}/recover`, 202, { since: "2026-01-01T00:00:00Z" }],
      ["get", "/v1/endpoints/{endpointId}/recoveries", `${at}/recoveries`, 200],
      ["get", "/v1/deliveries", "/v1/deliveries", 200],
      ["get", "/v1/jobs", "/v1/jobs?limit=0", 400],
      ["delete", "/v1/data", "/v1/data", 202],
      ["get", "/healthz", "/healthz", 200],
    ];
    for (const [method, path, asked, status, body] of answers) {
      const answer = await send(method.toUpperCase(), asked, body);
      assert.equal(answer.status, status, `${method} ${asked}: ${answer.text}`);
      assert.deepEqual(answerErrors(method, path, status, answer.body), [], `${method} ${asked}`);
    }
    const result = await call("GET", `/v1/jobs/${job.body.jobId}/result`, { as: "alice" });
    assert.deepEqual(answerErrors("get", "/v1/jobs/{jobId}/result", 200, result.body), []);
  });

  it("allows an output of nested nulls in a result", async () => {
    const { errorsOf } = await aDocument();
    const result = { jobId: "j", type: "t", owner: "o", status: "completed", attempt: 1, durationMs: 1 };
    const createdAt = "2026-03-01T12:00:00.000Z";
    for (const output of VALUES) assert.deepEqual(errorsOf("JobResultView", { ...result, createdAt, output }), []);
  });
});
