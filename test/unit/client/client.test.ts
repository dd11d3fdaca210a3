import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { BatonError, createBatonClient } from "../../../client/src/index.ts";
import type { jobs } from "../../../functions/src/jobs/index.ts";
import { failure, JOB } from "../../support/client-answers.ts";
import { waitFor } from "../../support/wait-for.ts";

type Answer = { status: number; body: string; headers?: Record<string, string> } | "none" | "hang-up";

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}

describe("createBatonClient", () => {
  let server: Server;
  let apiUrl: string;
  let seen: Seen[];
  let answer: Answer;
  /** Given before `answer`, each once. */
  let firstAnswers: Answer[];

  before(async () => {
    server = createServer(async (request, response) => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body: await text(request) });
      const next = firstAnswers.shift() ?? answer;
      if (next === "hang-up") request.socket.destroy();
      else if (next !== "none") response.writeHead(next.status, next.headers).end(next.body);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server listens on no port");
    apiUrl = `http://127.0.0.1:${address.port}`;
  });

  beforeEach(() => {
    seen = [];
    firstAnswers = [];
    answer = { status: 200, body: JSON.stringify(JOB) };
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  function client(timeoutMs = 5_000) {
    return createBatonClient<typeof jobs>({ apiUrl: `${apiUrl}/`, getToken: async () => "token-of-ada", timeoutMs });
  }

  it("submits the type, the input and the options as one JSON body, with the token", async () => {
    const job = await client().submit("video.analysis", { comments: [{ text: "Hi" }] }, { tags: ["t"] });
    assert.equal(job.jobId, "abcdefghij0123456789");
    const [request] = seen;
    assert.equal(`${request?.method} ${request?.url}`, "POST /v1/jobs");
    assert.equal(request?.headers.authorization, "Bearer token-of-ada");
    assert.equal(request?.headers["content-type"], "application/json");
    assert.equal(request?.body, '{"type":"video.analysis","input":{"comments":[{"text":"Hi"}]},"tags":["t"]}');
  });

  it("sends when to run and in which order in the body, and the idempotency key as a header", async () => {
    const runAt = new Date("2026-05-01T00:00:00.000Z");
    await client().submit("video.analysis", {}, { runAt, orderingKey: "k", idempotencyKey: "order 7" });
    assert.equal(
      seen[0]?.body,
      '{"type":"video.analysis","input":{},"runAt":"2026-05-01T00:00:00.000Z","orderingKey":"k"}',
    );
    assert.equal(seen[0]?.headers["idempotency-key"], "order 7");
  });

  it("downloads a file of a job from the address that the API names, to which the token does not go", async () => {
    const address = { url: `${apiUrl}/signed`, expiresAt: "2026-03-01T12:05:00.000Z" };
    firstAnswers = [{ status: 200, body: JSON.stringify(address) }];
    answer = { status: 200, body: "WEBVTT", headers: { "content-type": "text/vtt" } };
    const file = await client().file("abcdefghij0123456789", "subtitles.vtt");
    assert.deepEqual([await file.text(), file.type], ["WEBVTT", "text/vtt"]);
    assert.deepEqual(
      seen.map(({ url, headers }) => [url, headers.accept, headers.authorization !== undefined]),
      [
        ["/v1/jobs/abcdefghij0123456789/files/subtitles.vtt", "application/json", true],
        ["/signed", "*/*", false],
      ],
    );
  });

  it("says that a file could not be downloaded when its address does not give it any more", async () => {
    const address = { url: `${apiUrl}/signed`, expiresAt: "2026-03-01T12:05:00.000Z" };
    firstAnswers = [{ status: 200, body: JSON.stringify(address) }];
    answer = { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" };
    const file = client().file("abcdefghij0123456789", "gone.mp4");
    await assert.rejects(file, { code: "unexpected-answer", status: 404 });
  });

  it("rejects the download of an unknown file with the API's own words, and of an aborted one", async () => {
    answer = { status: 404, body: JSON.stringify({ code: "not-found", detail: "No file of this name." }) };
    const file = (signal?: AbortSignal) => client().file("abcdefghij0123456789", "gone.mp4", signal && { signal });
    await assert.rejects(file(), { code: "not-found", detail: "No file of this name." });
    await assert.rejects(file(AbortSignal.abort()), { code: "aborted" });
  });

  it("makes a new idempotency key for each submission", async () => {
    await client().submit("video.analysis", {});
    await client().submit("video.analysis", {});
    const [first, second] = seen.map(({ headers }) => headers["idempotency-key"]);
    assert.match(String(first), /^[0-9a-f]{32}$/);
    assert.notEqual(first, second);
  });

  it("submits again, with the same key and body, when the connection breaks or a service is away", async () => {
    const away = { status: 503, body: problemOf("unavailable", 503), headers: { "retry-after": "0" } };
    const proxy = { status: 502, body: "<html>", headers: { "retry-after": "0" } };
    firstAnswers = ["hang-up", away, proxy];
    const job = await client().submit("video.analysis", {});
    assert.equal(job.jobId, "abcdefghij0123456789");
    assert.equal(seen.length, 4);
    assert.equal(new Set(seen.map(({ headers, body }) => `${headers["idempotency-key"]} ${body}`)).size, 1);
  });

  it("gives up after four tries, with the last error", async () => {
    answer = { status: 503, body: problemOf("unavailable", 503), headers: { "retry-after": "0" } };
    assert.equal((await failure(client().submit("video.analysis", {}))).code, "unavailable");
    assert.equal(seen.length, 4);
  });

  it("repeats no refused submission and none that has to wait long, and says how long", async () => {
    answer = { status: 409, body: problemOf("idempotency-conflict", 409) };
    assert.equal((await failure(client().submit("video.analysis", {}))).code, "idempotency-conflict");
    answer = { status: 429, body: problemOf("quota-exceeded", 429), headers: { "retry-after": "11" } };
    const error = await failure(client().submit("video.analysis", {}));
    assert.deepEqual([error.code, error.retryAfterMs], ["quota-exceeded", 11_000]);
    assert.equal(seen.length, 2);
  });

  it("reads and replaces the webhook secret, once for each call", async () => {
    answer = { status: 200, body: JSON.stringify({ secret: "whsec_b2xk", newer: 1 }) };
    assert.equal((await client().webhookSecret()).secret, "whsec_b2xk");
    const rotated = { secret: "whsec_bmV3", overlapUntil: "2026-01-02T00:00:00.000Z" };
    answer = { status: 200, body: JSON.stringify(rotated) };
    assert.deepEqual(await client().rotateWebhookSecret(), rotated);
    await client().rotateWebhookSecret({ overlapSeconds: 0 });
    answer = { status: 503, body: problemOf("unavailable", 503), headers: { "retry-after": "0" } };
    assert.equal((await failure(client().rotateWebhookSecret())).code, "unavailable");
    assert.deepEqual(
      seen.map(({ method, url, body }) => [method, url, body]),
      [
        ["GET", "/v1/webhook-secret", ""],
        ["POST", "/v1/webhook-secret/rotate", "{}"],
        ["POST", "/v1/webhook-secret/rotate", '{"overlapSeconds":0}'],
        ["POST", "/v1/webhook-secret/rotate", "{}"],
      ],
    );
  });

  it("repeats nothing but submissions", async () => {
    answer = { status: 503, body: problemOf("unavailable", 503), headers: { "retry-after": "0" } };
    await failure(client().cancel("x"));
    await failure(client().usage());
    assert.deepEqual(
      seen.map(({ url }) => url),
      ["/v1/jobs/x", "/v1/usage"],
    );
  });

  it("can be aborted, before an answer and between two tries", async () => {
    answer = "none";
    const calledOff = new AbortController();
    const waiting = failure(client().submit("video.analysis", {}, { signal: calledOff.signal }));
    await waitFor("the request", async () => seen.length === 1);
    calledOff.abort();
    assert.equal((await waiting).code, "aborted");

    answer = { status: 429, body: problemOf("quota-exceeded", 429), headers: { "retry-after": "9" } };
    const again = new AbortController();
    const pausing = failure(client().submit("video.analysis", {}, { signal: again.signal }));
    await waitFor("the answer", async () => seen.length === 2);
    again.abort();
    assert.equal((await pausing).code, "aborted");
    assert.equal(seen.length, 2);
  });

  it("takes only inputs of the job type", () => {
    // @ts-expect-error a number is no comment text
    const wrong = () => client().submit("video.analysis", { comments: [{ text: 1 }] });
    // @ts-expect-error there is no such job type
    const unknown = () => client().submit("video.unknown", {});
    assert.equal(typeof wrong, typeof unknown);
  });

  it("reports a missing token, and sends nothing", async () => {
    const getToken = () => Promise.reject(new Error("offline"));
    await assert.rejects(createBatonClient({ apiUrl, getToken }).job("abcdefghij0123456789"), (error) => {
      return error instanceof BatonError && error.code === "no-token" && error.cause instanceof Error;
    });
    assert.deepEqual(seen, []);
  });

  it("lists the job types, with what a newer server adds to them", async () => {
    const echo = { type: "echo", queue: "default", inputSchema: { type: "string" }, outputSchema: {}, label: "Echo" };
    answer = { status: 200, body: JSON.stringify({ types: [echo] }) };
    assert.deepEqual(await client().types(), { types: [echo] });
    assert.deepEqual([seen[0]?.method, seen[0]?.url], ["GET", "/v1/types"]);
  });

  it("lists a catalog of the job types", async () => {
    const large = { type: "print", name: "a3", millimetres: [297, 420] };
    answer = { status: 200, body: JSON.stringify({ "paper-sizes": [large], note: "of a newer server" }) };
    assert.deepEqual(await client().catalog("paper-sizes"), [large]);
    assert.deepEqual([seen[0]?.method, seen[0]?.url], ["GET", "/v1/paper-sizes"]);
  });

  it("asks for no catalog whose name would lead elsewhere", async () => {
    for (const name of ["", "../jobs", "jobs/x", "Sizes", "sizes?a=b"]) {
      await assert.rejects(client().catalog(name), { name: "BatonError", code: "invalid-argument" });
    }
    assert.deepEqual(seen, []);
  });

  it("reports a catalog without its list as an answer that cannot be read", async () => {
    answer = { status: 200, body: JSON.stringify({ sizes: "a4" }) };
    await assert.rejects(client().catalog("sizes"), { code: "unexpected-answer" });
  });

  it("knows the job types of a map", async () => {
    type Own = { "image.resize": { input: { width: number }; output: { url: string } } };
    const own = createBatonClient<Own>({ apiUrl, getToken: async () => "t" });
    await own.submit("image.resize", { width: 100 });
    assert.equal(seen[0]?.body, '{"type":"image.resize","input":{"width":100}}');
  });

  it("asks for what is listed in the query, and for nothing that was left out", async () => {
    answer = { status: 200, body: '{"jobs":[],"nextCursor":"next"}' };
    const page = await client().list({ status: "queued", limit: 5, cursor: "a b" });
    assert.deepEqual(page, { jobs: [], nextCursor: "next" });
    await client().list();
    await client().list(Object.fromEntries([["tag", undefined]]));
    assert.deepEqual(
      seen.map(({ url }) => url),
      ["/v1/jobs?status=queued&limit=5&cursor=a+b", "/v1/jobs", "/v1/jobs"],
    );
  });

  it("reads and cancels a job by its id, escaped", async () => {
    await client().job("a/b");
    await client().cancel("abcdefghij0123456789");
    assert.deepEqual(
      seen.map(({ method, url }) => `${method} ${url}`),
      ["GET /v1/jobs/a%2Fb", "DELETE /v1/jobs/abcdefghij0123456789"],
    );
  });

  it("tells results apart by their type", async () => {
    const { jobId, owner, createdAt } = JOB;
    const result = { jobId, owner, createdAt, type: "video.analysis", status: "completed", attempt: 1, durationMs: 5 };
    answer = { status: 200, body: JSON.stringify({ ...result, output: { comments: [] } }) };
    const read = await client().result(jobId);
    assert.equal(seen[0]?.url, "/v1/jobs/abcdefghij0123456789/result");
    assert.ok(client().isResultOf("video.analysis", read));
    assert.deepEqual(read.output?.comments, []);
    assert.equal(client().isResultOf("video.analysis", { ...read, type: "other" }), false);
  });

  it("rejects with the problem the API named", async () => {
    const errors = [{ pointer: "/input/comments/0/text", message: "must be text" }];
    const problem = { type: "/problems/invalid-input", title: "Invalid input", status: 400, detail: "Change it." };
    answer = { status: 400, body: JSON.stringify({ ...problem, code: "invalid-input", requestId: "r-1", errors }) };
    const error = await failure(client().job("x"));
    assert.equal(error.code, "invalid-input");
    assert.equal(error.status, 400);
    assert.equal(error.detail, "Change it.");
    assert.equal(error.message, "Change it.");
    assert.equal(error.requestId, "r-1");
    assert.deepEqual(error.errors, errors);
  });

  it("calls a proxy's error page an unexpected answer, and keeps its request id", async () => {
    answer = { status: 502, body: "<html>Bad gateway</html>", headers: { "x-request-id": "r-2" } };
    const error = await failure(client().job("x"));
    assert.equal(error.code, "unexpected-answer");
    assert.equal(error.status, 502);
    assert.equal(error.requestId, "r-2");
  });

  it("calls a good status with a foreign body an unexpected answer", async () => {
    answer = { status: 200, body: '{"jobId":1}' };
    assert.equal((await failure(client().job("x"))).code, "unexpected-answer");
  });

  it("calls a broken connection a network error, with its cause", async () => {
    answer = "hang-up";
    const error = await failure(client().job("x"));
    assert.equal(error.code, "network");
    assert.equal(error.status, undefined);
    assert.ok(error.cause instanceof TypeError);
  });

  it("gives up on an answer that does not come in time", async () => {
    answer = "none";
    const error = await failure(client(50).job("x"));
    assert.equal(error.code, "network");
    assert.equal(error.detail, "The API did not answer in time.");
  });

  it("says that watching needs a Firestore", () => {
    assert.throws(() => client().watch("x", { onJob() {}, onError() {} }), /given no firestore/);
  });
});

function problemOf(code: string, status: number): string {
  return JSON.stringify({ type: `/problems/${code}`, title: "T", status, detail: "D", code, requestId: "r" });
}
