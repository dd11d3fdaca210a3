import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { webhookTransport } from "../../../engine/src/webhooks/egress/http-transport.ts";
import { classifyResponse } from "../../../engine/src/webhooks/rules/classify-response.ts";
import type { PostOutcome } from "../../../engine/src/webhooks/rules/delivery.ts";
import { dripping, type HostileReceiver, startHttpReceiver, startRawReceiver } from "../../support/hostile-receiver.ts";

const DEADLINE_MS = 250;
/** Time by which an answer has to begin; a busy machine is slow. */
const LATER_DEADLINE_MS = 1500;

const post = (receiver: HostileReceiver, deadlineMs = 5000, scheme = "http") =>
  webhookTransport({ judgeAddress: () => "allowed", deadlineMs }).post({
    url: `${scheme}://127.0.0.1:${receiver.port}/hook`,
    headers: { "content-type": "application/json", "webhook-id": "msg_1" },
    body: '{"type":"job.completed"}',
  });

const seen = (outcome: PostOutcome) => [
  outcome.outcome === "answered" ? outcome.status : outcome.kind,
  classifyResponse(outcome),
];

describe("a hostile answer", () => {
  let receiver: HostileReceiver;
  afterEach(() => receiver.stop());

  for (const status of [200, 201, 202, 204, 299]) {
    it(`is none: ${status} is success`, async () => {
      receiver = await startHttpReceiver((_, response) => response.writeHead(status).end());
      assert.deepEqual(seen(await post(receiver)), [status, "succeeded"]);
    });
  }

  for (const status of [304, 400, 401, 403, 404, 418, 422, 429, 500, 502, 503, 504, 599]) {
    it(`is tried again: ${status}`, async () => {
      receiver = await startHttpReceiver((_, response) => response.writeHead(status).end());
      assert.deepEqual(seen(await post(receiver)), [status, "retry"]);
    });
  }

  it("disables the endpoint: 410", async () => {
    receiver = await startHttpReceiver((_, response) => response.writeHead(410).end());
    assert.deepEqual(seen(await post(receiver)), [410, "gone"]);
  });

  const LOCATIONS = ["/elsewhere", "http://169.254.169.254/computeMetadata/v1/", "//localhost/", "file:///etc/passwd"];
  for (const status of [301, 302, 303, 307, 308]) {
    it(`is tried again, and its location never fetched: ${status}`, async () => {
      let location = "";
      receiver = await startHttpReceiver((_, response) => response.writeHead(status, { location }).end());
      for (location of LOCATIONS) assert.deepEqual(seen(await post(receiver)), [status, "retry"]);
      assert.deepEqual(
        receiver.requests.map(({ method, url }) => `${method} ${url}`),
        Array(4).fill("POST /hook"),
      );
    });
  }

  const NO_HEADERS: Record<string, (socket: Socket) => void> = {
    "accepts and says nothing": () => undefined,
    "headers one byte at a time": dripping(`HTTP/1.1 200 OK\r\nx-slow: ${"x".repeat(10_000)}`),
    "a status line one byte at a time": dripping("H".repeat(10_000)),
    "103 responses without end": dripping("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", 40),
    "100 Continue without end": dripping("HTTP/1.1 100 Continue\r\n\r\n", 25),
  };
  for (const [what, behaviour] of Object.entries(NO_HEADERS)) {
    it(`is tried again after the deadline: ${what}`, async () => {
      receiver = await startRawReceiver(behaviour);
      const outcome = await post(receiver, DEADLINE_MS);
      assert.equal(classifyResponse(outcome), "retry");
      assert.match(String(seen(outcome)[0]), what.startsWith("10") ? /^timeout$/ : /^(timeout|protocol)$/);
    });
  }

  it("is tried again after the deadline: no TLS handshake", async () => {
    receiver = await startRawReceiver(() => undefined);
    assert.deepEqual(seen(await post(receiver, DEADLINE_MS, "https")), ["timeout", "retry"]);
  });

  for (const [status, verdict] of [
    [200, "succeeded"],
    [500, "retry"],
    [410, "gone"],
  ] as const) {
    it(`is judged by its status at the deadline: ${status}, then a body one byte at a time`, async () => {
      receiver = await startHttpReceiver((_, response) => {
        const timer = setInterval(() => response.write("x"), 5);
        response.on("close", () => clearInterval(timer));
        response.writeHead(status).write("x");
      });
      assert.deepEqual(seen(await post(receiver, LATER_DEADLINE_MS)), [status, verdict]);
    });

    it(`is judged by its status, and cut: ${status}, then a body without end`, async () => {
      let written = 0;
      receiver = await startHttpReceiver((_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(16_384, "x"))) written += 16_384;
        };
        response.writeHead(status).on("drain", more);
        more();
      });
      const outcome = await post(receiver);
      assert.deepEqual(seen(outcome), [status, verdict]);
      assert.equal(outcome.outcome === "answered" && outcome.excerpt, "x".repeat(20_480));
      assert.ok(written < 20_000_000, `${written} bytes were written`);
    });
  }

  it("is judged by its status: 200, then a body that breaks off", async () => {
    receiver = await startHttpReceiver((_, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
    });
    assert.deepEqual(await post(receiver), { outcome: "answered", status: 200, excerpt: "half" });
  });

  it("is judged by its status, and not unzipped: 200, then few bytes that stand for many", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000), { level: 1 });
    receiver = await startHttpReceiver((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    const outcome = await post(receiver);
    assert.deepEqual(seen(outcome), [200, "succeeded"]);
    // The first three bytes of gzip, 1f 8b 08.
    assert.ok(outcome.outcome === "answered" && outcome.excerpt.startsWith("\u241f\ufffd\u2408"));
  });

  const BROKEN: Record<string, [kind: string, behaviour: (socket: Socket) => void]> = {
    "a reset before any header": ["connect", (socket) => socket.once("data", () => socket.resetAndDestroy())],
    "a reset at once": ["connect", (socket) => socket.resetAndDestroy()],
    "closed without an answer": ["connect", (socket) => socket.once("data", () => socket.end())],
    "a reset amid the headers": [
      "connect",
      (socket) => socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\nx-a: ", () => socket.resetAndDestroy())),
    ],
    "another protocol": ["protocol", (socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n"))],
    "a status that is none": ["protocol", (socket) => socket.once("data", () => socket.end("HTTP/1.1 2x0 OK\r\n\r\n"))],
    "more headers than 16 KiB": [
      "protocol",
      (socket) => socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\nx-long: ${"x".repeat(20_000)}\r\n\r\n`)),
    ],
    "headers without end": [
      "protocol",
      dripping(`HTTP/1.1 200 OK\r\n${`x-more: ${"x".repeat(990)}\r\n`.repeat(10_000)}`, 4096),
    ],
    "101 to a request that wanted no other protocol": [
      "protocol",
      (socket) => socket.once("data", () => socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n")),
    ],
    "two lengths": [
      "protocol",
      (socket) =>
        socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab")),
    ],
  };
  for (const [what, [kind, behaviour]] of Object.entries(BROKEN)) {
    it(`is tried again: ${what}`, async () => {
      receiver = await startRawReceiver(behaviour);
      assert.deepEqual(seen(await post(receiver)), [kind, "retry"]);
    });
  }

  it("is tried again: no process listens", async () => {
    receiver = await startRawReceiver(() => undefined);
    await receiver.stop();
    assert.deepEqual(seen(await post(receiver)), ["connect", "retry"]);
    receiver = await startRawReceiver(() => undefined);
  });
});
