import assert from "node:assert/strict";
import { classifyResponse, parseRetryAfter } from "../../../../engine/src/webhooks/rules/classify-response.ts";

const NOW = new Date("2026-01-01T12:00:00.000Z");
const answered = (status: number) => classifyResponse({ outcome: "answered", status, excerpt: "" });

describe("classifyResponse", () => {
  for (const status of [200, 201, 202, 204, 299]) {
    it(`classifies ${status} as success`, () => assert.equal(answered(status), "succeeded"));
  }
  for (const status of [
    199, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 409, 411, 422, 429, 500, 502, 503,
  ]) {
    it(`tries again after ${status}`, () => assert.equal(answered(status), "retry"));
  }
  it("classifies 410 as gone", () => assert.equal(answered(410), "gone"));

  for (const kind of ["dns", "connect", "tls", "timeout", "protocol"] as const) {
    it(`tries again after a failure of kind ${kind}`, () => {
      assert.equal(classifyResponse({ outcome: "failed", kind }), "retry");
    });
  }
  it("fails a blocked destination", () => {
    assert.equal(classifyResponse({ outcome: "failed", kind: "blocked_destination" }), "failed");
  });
});

describe("parseRetryAfter", () => {
  for (const [header, ms] of [
    ["120", 120_000],
    [" 120 ", 120_000],
    ["1", 1000],
    ["86400", 86_400_000],
    ["86401", 86_400_000],
    ["99999999999999999999999999", 86_400_000],
    ["Thu, 01 Jan 2026 12:02:00 GMT", 120_000],
    ["Thursday, 01-Jan-26 12:02:00 GMT", 120_000],
    ["Thu Jan  1 12:02:00 2026", 120_000],
    ["Fri, 01 Jan 2027 12:00:00 GMT", 86_400_000],
  ] as const) {
    it(`reads ${JSON.stringify(header)} as ${ms} ms`, () => assert.equal(parseRetryAfter(header, NOW), ms));
  }

  for (const header of [
    undefined,
    "",
    "0",
    "-5",
    "1.5",
    "1e3",
    "0x10",
    "garbage",
    "garbage 2030",
    "Thu, 01 Jan 2026 11:59:59 GMT",
    "Thu, 01 Jan 2026 12:00:00 GMT",
    "2026-01-01T13:00:00Z",
    "120, 240",
  ]) {
    it(`finds nothing in ${JSON.stringify(header)}`, () => assert.equal(parseRetryAfter(header, NOW), undefined));
  }
});
