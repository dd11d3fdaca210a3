import assert from "node:assert/strict";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { anApi, FIRST_ID } from "./an-api.ts";

const JSON_TYPE = { "content-type": "application/json" };
const GOOD = JSON.stringify({ type: "count.words", input: { text: "é" } });

describe("a request body", () => {
  const accepted: [name: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>][] = [
    ["plain JSON", GOOD, JSON_TYPE],
    ["JSON that says it is UTF-8", GOOD, { "content-type": 'application/json; charset="UTF-8"' }],
    ["JSON after a byte order mark", `\ufeff${GOOD}`, JSON_TYPE],
    ["JSON after a byte order mark, in gzip", gzipSync(`\ufeff${GOOD}`), { ...JSON_TYPE, "content-encoding": "gzip" }],
    ["JSON in gzip", gzipSync(GOOD), { ...JSON_TYPE, "content-encoding": "gzip" }],
    ["JSON in deflate", deflateSync(GOOD), { ...JSON_TYPE, "content-encoding": "deflate" }],
    ["JSON in br", brotliCompressSync(GOOD), { ...JSON_TYPE, "content-encoding": "br" }],
  ];
  for (const [name, body, headers] of accepted) {
    it(`is taken as ${name}`, async () => {
      const { call, jobs } = anApi();
      assert.equal((await call("POST", "/v1/jobs", { as: "alice", headers, body })).status, 202);
      assert.deepEqual(await jobs.readInput(FIRST_ID), { text: "é" });
    });
  }

  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
  const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
  const refused: [
    name: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
    status: number,
    code: string,
  ][] = [
    ["cut-off JSON", GOOD.slice(0, -1), JSON_TYPE, 400, "invalid-json"],
    ["nothing", "", JSON_TYPE, 400, "invalid-json"],
    [
      "UTF-16 with its byte order mark",
      new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
      JSON_TYPE,
      400,
      "invalid-json",
    ],
    ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0x22]), JSON_TYPE, 400, "invalid-json"],
    ["half a million arrays in each other", deep, JSON_TYPE, 400, "invalid-json"],
    ["text", GOOD, { "content-type": "text/plain" }, 415, "unsupported-media-type"],
    ["a form", "type=x", { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported-media-type"],
    [
      "JSON in another charset",
      GOOD,
      { "content-type": "application/json; charset=latin1" },
      415,
      "unsupported-media-type",
    ],
    ["an unknown coding", GOOD, { ...JSON_TYPE, "content-encoding": "zip" }, 415, "unsupported-media-type"],
    [
      "a coding named like a built-in",
      GOOD,
      { ...JSON_TYPE, "content-encoding": "constructor" },
      415,
      "unsupported-media-type",
    ],
    ["broken gzip", GOOD, { ...JSON_TYPE, "content-encoding": "gzip" }, 400, "invalid-request"],
    ["1 MiB and a byte", " ".repeat(1_048_577), JSON_TYPE, 413, "body-too-large"],
    ["a small gzip of 64 MiB", bomb, { ...JSON_TYPE, "content-encoding": "gzip" }, 413, "body-too-large"],
  ];
  for (const [name, body, headers, status, code] of refused) {
    it(`is refused as ${name} with ${status} ${code}`, async () => {
      const { call, publishJob } = anApi();
      const answer = await call("POST", "/v1/jobs", { as: "alice", headers, body });
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
      assert.equal(publishJob.callCount, 0);
    });
  }

  it("may be 1 MiB, and is then read", async () => {
    const { call } = anApi();
    const body = GOOD.padEnd(1_048_575, " "); // é takes two bytes
    assert.equal((await call("POST", "/v1/jobs", { as: "alice", headers: JSON_TYPE, body })).status, 202);
  });

  it("may nest 100 levels and not 101", async () => {
    const { submit } = anApi();
    const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}0${"}".repeat(levels)}`);
    const request = (levels: number) => ({ type: "count.words", input: { text: "", anything: nested(levels) } });
    assert.equal((await submit(request(98))).status, 202);
    const deeper = await submit(request(99));
    assert.deepEqual([deeper.status, deeper.body.code], [400, "invalid-json"]);
  });

  it("may end a text within an emoji, which is mended, and spell pairs and backslashes as escapes", async () => {
    const { call, jobs } = anApi();
    const text = String.raw`"half \ud83d, \ude00\ud83d, pair \ud83d\ude00, no escape \\ud83d, \\\ud83d"`;
    const body = `{"type":"count.words","input":{"text":${text},"anything":{"\\uDE00":1}}}`;
    assert.equal((await call("POST", "/v1/jobs", { as: "alice", headers: JSON_TYPE, body })).status, 202);
    assert.deepEqual(await jobs.readInput(FIRST_ID), {
      text: "half \ufffd, \ufffd\ufffd, pair 😀, no escape \\ud83d, \\\ufffd",
      anything: { "\ufffd": 1 },
    });
  });

  it("may have no name __proto__ at any depth, plain or spelt as an escape, which would be lost on the way", async () => {
    const bodies = [
      '{"type":"count.words","input":{"text":"","anything":[{"__proto__":{"a":1}}]}}',
      '{"type":"count.words","input":{"text":""},"metadata":{"__proto__":"x"}}',
      '{"type":"count.words","input":{"text":""},"metadata":{"\\u005f_proto__":{"a":"x"}}}',
    ];
    for (const body of bodies) {
      const { call, jobs } = anApi();
      const answer = await call("POST", "/v1/jobs", { as: "alice", headers: JSON_TYPE, body });
      assert.deepEqual([answer.status, answer.body.code], [400, "invalid-request"], body);
      assert.equal(await jobs.read(FIRST_ID), undefined);
    }
  });

  it("is not read before the caller is known", async () => {
    const { call } = anApi();
    assert.equal((await call("POST", "/v1/jobs", { headers: JSON_TYPE, body: "{" })).status, 401);
  });

  it("is told which media type and codings to use", async () => {
    const { call } = anApi();
    const text = await call("POST", "/v1/jobs", { as: "alice", headers: { "content-type": "text/plain" }, body: GOOD });
    assert.equal(text.headers.get("accept"), "application/json");
    const zip = await call("POST", "/v1/jobs", {
      as: "alice",
      headers: { ...JSON_TYPE, "content-encoding": "zip" },
      body: GOOD,
    });
    assert.equal(zip.headers.get("accept-encoding"), "gzip, deflate, br");
  });

  const details: [body: string, detail: string][] = [
    ["\ufeff", "The body is empty. Send a JSON object."],
    [" \r\n", "The body is empty. Send a JSON object."],
    [
      "\ufeff\ufeff{}",
      "The body could not be read as JSON (Unexpected token 'U+FEFF', \"U+FEFF{}\" is not valid JSON). Correct it and send it again.",
    ],
    [
      '{"a":\u0000}',
      'The body could not be read as JSON (Unexpected token \'U+0000\', "{"a":U+0000}" is not valid JSON). Correct it and send it again.',
    ],
  ];
  for (const [body, detail] of details) {
    it(`is told in characters that people see why ${JSON.stringify(body)} is refused`, async () => {
      const answer = await anApi().call("POST", "/v1/jobs", { as: "alice", headers: JSON_TYPE, body });
      assert.deepEqual([answer.status, answer.body.code, answer.body.detail], [400, "invalid-json", detail]);
    });
  }
});
