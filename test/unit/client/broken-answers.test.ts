import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { createBatonClient } from "../../../client/src/index.ts";
import { failure, JOB } from "../../support/client-answers.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type BreakingServer, httpAnswer, type Part, startBreakingServer } from "./breaking-server.ts";

const JOB_TEXT = JSON.stringify(JOB);
const HALF = JOB_TEXT.slice(0, 80);
const WHOLE: Part = { bytes: httpAnswer(202, JOB_TEXT), ending: "end" };
const UNSIZED = "HTTP/1.1 202 Accepted\r\nconnection: close\r\n\r\n";
const CHUNKED = "HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n";

const BROKEN: [what: string, part: Part][] = [
  ["ends in the middle of its body", { bytes: httpAnswer(202, HALF, { "content-length": 500 }), ending: "end" }],
  ["is reset in the middle of its body", { bytes: httpAnswer(202, HALF, { "content-length": 500 }), ending: "reset" }],
  ["stalls in the middle of its body", { bytes: httpAnswer(202, HALF, { "content-length": 500 }), ending: "stall" }],
  ["stalls after its headers", { bytes: httpAnswer(202, "", { "content-length": 500 }), ending: "stall" }],
  [
    "says that its body is shorter than it is",
    { bytes: httpAnswer(202, JOB_TEXT, { "content-length": 80 }), ending: "end" },
  ],
  ["ends early and says no length", { bytes: `${UNSIZED}${HALF}`, ending: "end" }],
  ["has no body at all", { bytes: UNSIZED, ending: "end" }],
  ["ends between two chunks", { bytes: `${CHUNKED}50\r\n${HALF}\r\n`, ending: "end" }],
  ["has a chunk that is none", { bytes: `${CHUNKED}zz\r\n${HALF}\r\n`, ending: "end" }],
  ["is no gzip though it says so", { bytes: httpAnswer(202, JOB_TEXT, { "content-encoding": "gzip" }), ending: "end" }],
  [
    "is gzip cut in the middle",
    { bytes: httpAnswer(202, gzipSync(JOB_TEXT).subarray(0, 60), { "content-encoding": "gzip" }), ending: "end" },
  ],
  ["is no HTTP", { bytes: "SSH-2.0-OpenSSH_9.6\r\n", ending: "end" }],
  ["is an error of 400 cut in the middle", { bytes: httpAnswer(400, '{"code":"invalid', {}), ending: "end" }],
];

describe("the client against a server that breaks", () => {
  let server: BreakingServer;
  beforeEach(async () => {
    server = await startBreakingServer();
  });
  afterEach(() => server.stop());

  const client = (timeoutMs = 300) =>
    createBatonClient({ apiUrl: server.url, getToken: async () => "token-of-ada", timeoutMs });

  for (const [what, part] of BROKEN) {
    it(`submits again, with the same key, when the answer ${what}`, async () => {
      server.parts = [part, WHOLE];
      const job = await client().submit("video.analysis", {}, { idempotencyKey: "order 7" });
      assert.equal(job.jobId, "abcdefghij0123456789");
      const keys = server.requests.map((request) => /idempotency-key: (.*)\r\n/.exec(request)?.[1]);
      assert.deepEqual(keys, ["order 7", "order 7"]);
    });

    it(`reports a network error, after one try, when the answer to a cancel ${what}`, async () => {
      server.parts = [part, WHOLE];
      const error = await failure(client().cancel("abcdefghij0123456789"));
      assert.deepEqual([error.code, error.status, server.requests.length], ["network", undefined, 1]);
    });
  }

  it("reports a network error when a file breaks off", async () => {
    const address = JSON.stringify({ url: server.url, expiresAt: "2026-03-01T12:05:00.000Z" });
    const broken = { bytes: httpAnswer(200, HALF, { "content-length": 500 }), ending: "reset" } as const;
    for (const [parts, requests] of [
      [[broken], 1],
      [[{ bytes: httpAnswer(200, address), ending: "end" } as const, broken], 2],
    ] as const) {
      server.requests.length = 0;
      server.parts = [...parts];
      const error = await failure(client().file("abcdefghij0123456789", "video.mp4"));
      assert.deepEqual([error.code, server.requests.length], ["network", requests]);
    }
  });

  it("can be aborted while a body stalls", async () => {
    server.parts = [{ bytes: httpAnswer(202, HALF, { "content-length": 500 }), ending: "stall" }];
    const calledOff = new AbortController();
    const waiting = failure(client(60_000).submit("video.analysis", {}, { signal: calledOff.signal }));
    await waitFor("the request", async () => server.requests.length === 1);
    calledOff.abort();
    assert.equal((await waiting).code, "aborted");
    assert.equal(server.requests.length, 1);
  });

  for (const status of [408, 429, 500, 502, 503, 504]) {
    it(`submits again after ${status}, as soon as the API asks`, async () => {
      server.parts = [{ bytes: httpAnswer(status, "", { "retry-after": 0 }), ending: "end" }, WHOLE];
      await client().submit("video.analysis", {});
      assert.equal(server.requests.length, 2);
    });
  }

  it("submits again after a conflict of the moment, and not after one that stays", async () => {
    server.parts = [{ bytes: httpAnswer(409, "", { "retry-after": 0 }), ending: "end" }, WHOLE];
    await client().submit("video.analysis", {});
    assert.equal(server.requests.length, 2);
    server.parts = [{ bytes: httpAnswer(409, ""), ending: "end" }];
    assert.equal((await failure(client().submit("video.analysis", {}))).status, 409);
    assert.equal(server.requests.length, 3);
  });

  it("reads a Retry-After that is a date", async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
    server.parts = [{ bytes: httpAnswer(503, "", { "retry-after": inAnHour }), ending: "end" }];
    const { retryAfterMs = 0 } = await failure(client().submit("video.analysis", {}));
    assert.ok(retryAfterMs > 3_590_000 && retryAfterMs <= 3_600_000, String(retryAfterMs));
    assert.equal(server.requests.length, 1);
  });

  it("reads a date of Retry-After by the clock of the server", async () => {
    const headers = { date: "Wed, 21 Oct 2015 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2015 07:28:30 GMT" };
    server.parts = [{ bytes: httpAnswer(503, "", headers), ending: "end" }];
    assert.equal((await failure(client().submit("video.analysis", {}))).retryAfterMs, 30_000);
  });

  for (const odd of ["-5", "1.5", "soon 3", "Wed, 21 Oct 2015 07:28:00 GMT"]) {
    it(`finds nothing in Retry-After: ${odd}`, async () => {
      server.parts = [{ bytes: httpAnswer(404, "", { "retry-after": odd }), ending: "end" }];
      assert.equal((await failure(client().job("x"))).retryAfterMs, undefined);
    });
  }

  it("keeps code and detail of a problem that only a newer server knows", async () => {
    const body = '{"code":"budget-exceeded","detail":"Ask for a budget.","errors":"many","requestId":7}';
    server.parts = [{ bytes: httpAnswer(402, body), ending: "end" }];
    const error = await failure(client().job("x"));
    assert.deepEqual([error.code, error.detail, error.status], ["budget-exceeded", "Ask for a budget.", 402]);
  });

  it("passes on statuses and fields of a newer server", async () => {
    const newer = { ...JOB, status: "paused", waitingFor: "approval", priority: 5 };
    server.parts = [{ bytes: httpAnswer(200, JSON.stringify({ jobs: [newer], total: 1 })), ending: "end" }];
    assert.deepEqual(await client().list(), { jobs: [newer], total: 1 });
  });

  it("gets a new token once after a 401, and sends the request again", async () => {
    server.parts = [{ bytes: httpAnswer(401, ""), ending: "end" }, WHOLE];
    const asked: unknown[] = [];
    const getToken = async (options?: { forceRefresh: boolean }) => {
      asked.push(options?.forceRefresh);
      return options?.forceRefresh ? "fresh" : "old";
    };
    await createBatonClient({ apiUrl: server.url, getToken }).cancel("abcdefghij0123456789");
    const tokens = server.requests.map((request) => /authorization: (.*)\r\n/.exec(request)?.[1]);
    assert.deepEqual(tokens, ["Bearer old", "Bearer fresh"]);
    assert.deepEqual(asked, [false, true]);
    server.parts = [{ bytes: httpAnswer(401, ""), ending: "end" }];
    assert.equal((await failure(client().usage())).status, 401);
    assert.equal(server.requests.length, 4);
  });

  it("waits for a token no longer than for the request, and can be aborted in that time", async () => {
    const never = () => new Promise<string>(() => {});
    const waiting = createBatonClient({ apiUrl: server.url, getToken: never, timeoutMs: 50 });
    assert.equal((await failure(waiting.submit("video.analysis", {}))).code, "no-token");
    const calledOff = new AbortController();
    const patient = createBatonClient({ apiUrl: server.url, getToken: never });
    const submitted = failure(patient.submit("video.analysis", {}, { signal: calledOff.signal }));
    calledOff.abort();
    assert.equal((await submitted).code, "aborted");
    assert.deepEqual(server.requests, []);
  });
});
