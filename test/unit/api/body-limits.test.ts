import assert from "node:assert/strict";
import { anApi } from "./an-api.ts";

const HEADERS = { "content-type": "application/json" };
const many = (part: string, times: number) => Array.from({ length: times }, () => part).join(",");
const names = (times: number) => Array.from({ length: times }, (_, n) => `"n${n}":1`).join(",");

/** Inputs of up to 900 KB whose schemas, hashes and documents would keep an instance busy for seconds. */
const REFUSED: [name: string, input: string, code: string, detail: RegExp][] = [
  ["280,000 empty maps", `[${many("{}", 280_000)}]`, "body-too-large", /more than 200,000 values/],
  ["280,000 empty arrays", `[${many("[]", 280_000)}]`, "body-too-large", /more than 200,000 values/],
  ["21,000 empty maps", `[${many("{}", 21_000)}]`, "body-too-large", /more than 20,000 objects and arrays/],
  ["100,000 maps in maps", `[${many('{"a":{}}', 50_000)}]`, "body-too-large", /more than 20,000 objects and arrays/],
  [
    "9,000 nests of 90 arrays",
    `[${many("[".repeat(45) + "]".repeat(45), 9000)}]`,
    "body-too-large",
    /more than 20,000/,
  ],
  ["400,000 digits", `[${many("1", 400_000)}]`, "body-too-large", /more than 200,000 values/],
  ["220,000 short texts", `[${many('"a"', 220_000)}]`, "body-too-large", /more than 200,000 values/],
  ["26,000 names", `{${names(26_000)}}`, "body-too-large", /more than 25,000 names in objects/],
  ["half a million arrays in each other", "[".repeat(400_000) + "]".repeat(400_000), "invalid-json", /100 levels/],
  [
    "a deep body with an escaped pair",
    `${"[".repeat(200_000)}"\\ud83d\\ude00"${"]".repeat(200_000)}`,
    "invalid-json",
    /./,
  ],
];

const TAKEN: [name: string, input: string][] = [
  ["110,000 short decimals", `[${many("0.5", 110_000)}]`],
  ["19,000 maps", `[${many("{}", 19_000)}]`],
  ["24,900 names", `{${names(24_900)}}`],
  ["one long text", `"${"x".repeat(880_000)}"`],
  ["long numbers", `[${many("1.2345678901234567e-300", 35_000)}]`],
];

describe("what a body may hold", () => {
  for (const [name, input, code, detail] of REFUSED) {
    it(`does not include ${name}, which reach neither schema nor store`, async () => {
      const { call, publishJob } = anApi();
      const body = `{"type":"count.words","input":{"text":"x","anything":${input}}}`;
      const answer = await call("POST", "/v1/jobs", { as: "alice", headers: HEADERS, body });
      assert.deepEqual([answer.status, answer.body.code], [code === "invalid-json" ? 400 : 413, code]);
      assert.match(answer.body.detail, detail);
      assert.equal(publishJob.callCount, 0);
    });
  }

  for (const [name, input] of TAKEN) {
    it(`includes ${name}`, async () => {
      const body = `{"type":"count.words","input":{"text":"x","anything":${input}}}`;
      assert.equal((await anApi().call("POST", "/v1/jobs", { as: "alice", headers: HEADERS, body })).status, 202);
    });
  }

  for (const [method, path] of [
    ["POST", "/v1/endpoints"],
    ["PATCH", "/v1/endpoints/BBBBBBBBBBBBBBBBBBBB"],
    ["POST", "/v1/endpoints/BBBBBBBBBBBBBBBBBBBB/rotate"],
    ["POST", "/v1/endpoints/BBBBBBBBBBBBBBBBBBBB/recover"],
  ] as const) {
    it(`is the same for ${method} ${path}`, async () => {
      const body = `{"types":[${many("{}", 280_000)}]}`;
      const { status, body: problem } = await anApi().call(method, path, { as: "alice", headers: HEADERS, body });
      assert.deepEqual([status, problem.code], [413, "body-too-large"]);
    });
  }
});
