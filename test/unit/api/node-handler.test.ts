import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { gzipSync } from "node:zlib";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { nodeHandler, serve } from "../../../engine/src/http/node-handler.ts";
import { anApi, FIRST_ID } from "./an-api.ts";

const GOOD = JSON.stringify({ type: "count.words", input: { text: "é" } });
const HEADERS = { authorization: "Bearer alice", "content-type": "application/json" };

describe("nodeHandler under the functions framework", () => {
  let server: Server;
  let origin: string;
  let api: ReturnType<typeof anApi>;

  beforeEach(async () => {
    api = anApi();
    http(
      "api-under-test",
      nodeHandler(() => api.app.fetch),
    );
    server = getTestServer("api-under-test").listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${port(server)}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${origin}/v1/jobs`, { method: "POST", headers: { ...HEADERS, ...headers }, body });

  it("answers a submission", async () => {
    const answer = await post(GOOD);
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get("location"), `jobs/${FIRST_ID}`);
    assert.deepEqual(await api.jobs.readInput(FIRST_ID), { text: "é" });
  });

  it("reads a compressed body", async () => {
    assert.equal((await post(gzipSync(GOOD), { "content-encoding": "gzip" })).status, 202);
  });

  const cases: [name: string, body: BodyInit, headers: Record<string, string>, status: number, code: string][] = [
    ["broken JSON", '{"type":', {}, 400, "invalid-json"],
    ["a JSON number", "7", {}, 400, "invalid-request"],
    ["an empty body", "", {}, 400, "invalid-json"],
    ["broken gzip", GOOD, { "content-encoding": "gzip" }, 400, "invalid-request"],
    ["an unknown coding", GOOD, { "content-encoding": "zip" }, 415, "unsupported-media-type"],
    ["an unknown charset", GOOD, { "content-type": "application/json; charset=x" }, 415, "unsupported-media-type"],
    ["a form", "a=b", { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported-media-type"],
    ["8 MiB", " ".repeat(8_388_608), {}, 413, "body-too-large"],
  ];
  for (const [name, body, headers, status, code] of cases) {
    it(`answers ${name} with our own ${status}, not with the framework's page`, async () => {
      const answer = await post(body, headers);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      assert.match(answer.headers.get("x-request-id") ?? "", /./);
      const problem = await answer.json();
      assert.deepEqual([answer.status, problem.code], [status, code]);
    });
  }

  it("answers an oversized upload of unknown length once it has ended", async () => {
    const upload = httpRequest(`${origin}/v1/jobs`, { method: "POST", headers: HEADERS });
    for (let i = 0; i < 40; i += 1) upload.write(Buffer.alloc(65_536, 32));
    upload.end();
    const [answer] = await once(upload, "response");
    assert.equal(answer.statusCode, 413);
    answer.resume();
  });

  it("refuses an unauthenticated caller before the body is there, and answers the next request on the same connection", async () => {
    const socket = connect(port(server), "127.0.0.1");
    const received: Buffer[] = [];
    socket.on("data", (chunk) => received.push(chunk));
    const text = () => Buffer.concat(received).toString();
    const until = async (count: number) => {
      while (text().split("HTTP/1.1 401").length <= count) await once(socket, "data");
    };
    const head =
      "POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2000000\r\n\r\n";
    socket.write(head);
    await until(1);
    assert.match(text(), /^HTTP\/1.1 401 /);
    socket.write(Buffer.alloc(2_000_000, 32));
    socket.write(head);
    await until(2);
    socket.destroy();
  });

  it("logs nothing of a client that goes away while it sends the body that is read", async () => {
    const socket = connect(port(server), "127.0.0.1");
    socket.write(`POST /v1/jobs HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\n`);
    socket.write(`content-type: application/json\r\ncontent-length: 100\r\n\r\n{"type":`);
    const [received] = await once(server, "request");
    const closed = new Promise((resolve) => received.socket.once("close", resolve));
    socket.destroy();
    await closed;
    assert.equal((await post(GOOD)).status, 202);
    assert.equal(api.log.error.callCount, 0);
  });

  for (const [what, headers] of [
    ["no body", { "content-length": "0" }],
    ["an empty body of unknown length", { "transfer-encoding": "chunked" }],
  ] as const) {
    it(`takes ${what} where it may be left out`, async () => {
      const { endpointId } = (await api.send("POST", "/v1/endpoints", { url: "https://example.com/" })).body;
      const url = `${origin}/v1/endpoints/${endpointId}/rotate`;
      const asked = httpRequest(url, { method: "POST", headers: { authorization: "Bearer alice", ...headers } });
      asked.end();
      const [answer] = await once(asked, "response");
      assert.equal(answer.statusCode, 200);
      answer.resume();
    });
  }

  it("survives a client that goes away while sending", async () => {
    const socket = connect(port(server), "127.0.0.1");
    socket.write(
      `POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"type":`,
    );
    await once(socket, "connect");
    socket.destroy();
    assert.equal((await post(GOOD)).status, 202);
  });

  it("answers a request line no URL can be made of, and methods that fetch cannot send", async () => {
    for (const line of ["TRACE /v1/jobs", "GET //evil.example/healthz", "GET http://evil.example/"]) {
      const socket = connect(port(server), "127.0.0.1");
      socket.write(`${line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\nconnection: close\r\n\r\n`);
      const chunks: Buffer[] = await socket.toArray();
      const answer = Buffer.concat(chunks).toString();
      assert.match(answer, line.startsWith("TRACE") ? /^HTTP\/1.1 405 / : /^HTTP\/1.1 404 /, line);
      assert.match(answer, /application\/problem\+json/);
    }
  });

  it("answers a path whose escapes are no text with our own 404, not with the framework's page", async () => {
    for (const id of ["%ff", "%E0%A4%A", "%", "a%zz?tag=%41"]) {
      const answer = await fetch(`${origin}/v1/jobs/${id}`, { headers: HEADERS });
      assert.equal(answer.headers.get("content-type"), "application/problem+json", id);
      assert.equal(answer.status, 404);
    }
  });

  it("answers HEAD with the headers of GET and no body", async () => {
    const answer = await fetch(`${origin}/healthz`, { method: "HEAD" });
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), "");
  });

  it("leaves the headers of other servers of the process alone", async () => {
    const other = createServer((req, res) => res.end(req.headers["content-type"])).listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const answer = await fetch(`http://127.0.0.1:${port(other)}`, { method: "POST", headers: HEADERS, body: "{}" });
      assert.equal(await answer.text(), "application/json");
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});

describe("serve", () => {
  it("takes a body that the framework has read and decompressed already", async () => {
    const api = anApi();
    const server = createServer((req, res) => {
      req.resume();
      void serve(api.app.fetch, Object.assign(req, { rawBody: Buffer.from(GOOD) }), res);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const headers = { ...HEADERS, "content-encoding": "gzip" };
      const body = gzipSync(GOOD);
      const answer = await fetch(`http://127.0.0.1:${port(server)}/v1/jobs`, { method: "POST", headers, body });
      assert.equal(answer.status, 202);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

function port(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}
