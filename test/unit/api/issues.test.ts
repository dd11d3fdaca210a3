import assert from "node:assert/strict";
import { Problem, ProblemCode } from "@baton/protocol";
import { problemResponse } from "../../../engine/src/http/problems.ts";
import { summary } from "../../../engine/src/kit/issues.ts";
import { anApi } from "./an-api.ts";

describe("the summary of what is wrong with a request", () => {
  for (const [message, expected] of [
    ["is required", "/a: is required."],
    ["Use a shorter name.", "/a: Use a shorter name."],
    ["Is this a name?", "/a: Is this a name?"],
    ["No!", "/a: No!"],
    ["and so on…", "/a: and so on…"],
    ['Say "yes."', '/a: Say "yes."'],
    ["名前は必須です。", "/a: 名前は必須です。"],
    ["ends in a blank. ", "/a: ends in a blank."],
  ] as const) {
    it(`ends once: ${JSON.stringify(message)}`, () => {
      assert.equal(summary([{ pointer: "/a", message }]), expected);
    });
  }

  it("names the body, and counts the others", () => {
    const errors = [
      { pointer: "", message: "names nothing to change" },
      { pointer: "/a", message: "x" },
    ];
    assert.equal(summary(errors), "The body: names nothing to change. There is 1 more: see errors.");
  });
});

describe("the title of a problem", () => {
  it("is at most four words, and no sentence", async () => {
    for (const code of ProblemCode.options) {
      const { title } = Problem.parse(await problemResponse({ code, detail: "" }, "r").json());
      assert.match(title, /^[A-Z]\w*( \w+){0,3}$/);
    }
  });
});

describe("the detail of a problem", () => {
  const url = "https://example.com/";
  const refused: [method: string, path: string, request?: object][] = [
    ["POST", "/v1/endpoints", { url, headers: { "a name": "x" } }],
    ["POST", "/v1/endpoints", { url, headers: { "x-a": "\u00e9" } }],
    ["POST", "/v1/endpoints", { url, headers: { host: "x" } }],
    ["POST", "/v1/endpoints", { url, types: ["unknown"] }],
    ["POST", "/v1/endpoints", { url, events: ["unknown"], rateLimit: -1 }],
    ["POST", "/v1/endpoints", {}],
    ["POST", "/v1/jobs", { type: "unknown", input: null }],
    ["POST", "/v1/jobs", { type: "count.words", input: { text: 1, limit: 11, more: 1 } }],
    ["POST", "/v1/jobs", { type: "count.words", input: { text: "" }, runAt: "2030-01-01T00:00:00Z" }],
    ["GET", "/v1/jobs?limit=0"],
    ["GET", "/v1/jobs?cursor=x"],
    ["GET", "/v1/jobs?owner=bob"],
    ["GET", "/v1/jobs/unknown"],
    ["PUT", "/v1/jobs"],
    ["GET", "/nowhere"],
  ];
  for (const [method, path, request] of refused) {
    it(`is sentences that end once, for ${method} ${path} ${JSON.stringify(request) ?? ""}`, async () => {
      const { status, body } = await anApi().send(method, path, request);
      assert.ok(status >= 400 && status < 500, String(status));
      assert.match(body.detail, /[^.:]\.$/);
      assert.doesNotMatch(body.detail, /\.\./);
    });
  }
});
