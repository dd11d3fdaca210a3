import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { webhookTransport } from "../../../engine/src/webhooks/egress/http-transport.ts";
import type { PostOutcome } from "../../../engine/src/webhooks/rules/delivery.ts";
import { type HostileReceiver, startRawReceiver } from "../../support/hostile-receiver.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
const HI: PostOutcome = { outcome: "answered", status: 200, excerpt: "hi" };
const EMPTY: PostOutcome = { outcome: "answered", status: 200, excerpt: "" };
const PROTOCOL: PostOutcome = { outcome: "failed", kind: "protocol" };

const post = (port: number, deadlineMs = 5000, body = '{"type":"job.completed"}') =>
  webhookTransport({ judgeAddress: () => "allowed", deadlineMs }).post({
    url: `http://127.0.0.1:${port}/hook`,
    headers: { "content-type": "application/json" },
    body,
  });

/** Writes `text` once the request has begun to arrive, and closes the connection. */
const closing = (text: string) => (socket: Socket) => void socket.once("data", () => socket.end(text, "latin1"));

/** Writes the parts one after the other, each as a packet of its own, and keeps the connection open. */
const inParts =
  (...parts: string[]) =>
  (socket: Socket) => {
    const next = () => {
      const part = parts.shift();
      if (part !== undefined) socket.write(part, () => setImmediate(next));
    };
    socket.setNoDelay(true).once("data", next);
  };

describe("an answer over a raw socket", () => {
  let receiver: HostileReceiver;
  afterEach(() => receiver.stop());

  const INTERIM: Record<string, string> = {
    "100 Continue": "HTTP/1.1 100 Continue\r\n\r\n",
    "100 without a reason": "HTTP/1.1 100\r\n\r\n",
    "102 Processing": "HTTP/1.1 102 Processing\r\n\r\n",
    "103 Early Hints with headers": "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nx-a: b\r\n\r\n",
    "104, 150 and 199": [104, 150, 199].map((status) => `HTTP/1.1 ${status} Unknown\r\nx-a: b\r\n\r\n`).join(""),
    "100, 102, 103 and 100 again": [100, 102, 103, 100].map((status) => `HTTP/1.1 ${status} x\r\n\r\n`).join(""),
    "100 with a length": "HTTP/1.1 100 Continue\r\ncontent-length: 0\r\n\r\n",
    "100 that closes": "HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\n",
    "100 of HTTP/1.0": "HTTP/1.0 100 Continue\r\n\r\n",
    "two hundred times 102": "HTTP/1.1 102 Processing\r\n\r\n".repeat(200),
  };
  for (const [what, interim] of Object.entries(INTERIM)) {
    it(`counts after ${what}, in one packet with it`, async () => {
      receiver = await startRawReceiver(closing(interim + OK));
      assert.deepEqual(await post(receiver.port), HI);
    });
    it(`counts after ${what}, in a packet of its own`, async () => {
      receiver = await startRawReceiver(inParts(interim, OK));
      assert.deepEqual(await post(receiver.port), HI);
    });
  }

  it("counts after 100 Continue that comes before the request was read", async () => {
    receiver = await startRawReceiver((socket) => {
      socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      socket.once("data", () => socket.end(OK));
    });
    assert.deepEqual(await post(receiver.port), HI);
  });

  it("counts with its own status after 100 Continue: 410", async () => {
    receiver = await startRawReceiver(closing("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 410 Gone\r\n\r\n"));
    assert.deepEqual(await post(receiver.port), { outcome: "answered", status: 410, excerpt: "" });
  });

  it("never comes: the connection closes after 100 Continue", async () => {
    receiver = await startRawReceiver(closing("HTTP/1.1 100 Continue\r\n\r\n"));
    assert.deepEqual(await post(receiver.port), { outcome: "failed", kind: "connect" });
  });

  it("never comes: interim answers as fast as they can be written, up to the deadline", async () => {
    let written = 0;
    receiver = await startRawReceiver((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write("HTTP/1.1 102 Processing\r\n\r\n".repeat(500))) written += 13_500;
      };
      socket.once("data", flood).on("drain", flood);
    });
    assert.deepEqual(await post(receiver.port, 400), { outcome: "failed", kind: "timeout" });
    assert.ok(written < 20_000_000, `${written} bytes were written`);
  });

  const ANSWERS: Record<string, [text: string, outcome: PostOutcome]> = {
    "HTTP/1.0, up to the end of the connection": ["HTTP/1.0 200 OK\r\n\r\nhi", HI],
    "no length, up to the end of the connection": ["HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhi", HI],
    "an odd reason": ["HTTP/1.1 200 alles prima, so weit!\r\ncontent-length: 2\r\n\r\nhi", HI],
    "a reason outside ASCII": ["HTTP/1.1 200 \xe9t\xe9\r\ncontent-length: 2\r\n\r\nhi", HI],
    "an empty reason": ["HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nhi", HI],
    "no reason": ["HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nhi", HI],
    "header names in any case": ["HTTP/1.1 200 ok\r\nCONTENT-length:2\r\n\r\nhi", HI],
    "a folded header": ["HTTP/1.1 200 OK\r\nx-a: b\r\n  c\r\ncontent-length: 2\r\n\r\nhi", HI],
    "a header outside ASCII": ["HTTP/1.1 200 OK\r\nx-a: \xe9\r\ncontent-length: 2\r\n\r\nhi", HI],
    "a header without a value": ["HTTP/1.1 200 OK\r\nx-a:\r\ncontent-length: 2\r\n\r\nhi", HI],
    "lines that end in LF alone": ["HTTP/1.1 200 OK\ncontent-length: 2\n\nhi", HI],
    "trailing bytes after its body": ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi and more", HI],
    "a second answer after it": [`${OK}HTTP/1.1 500 No\r\n\r\n`, HI],
    "a body after 204": ["HTTP/1.1 204 No Content\r\n\r\nhi", { outcome: "answered", status: 204, excerpt: "" }],
    "a length with 204": ["HTTP/1.1 204 x\r\ncontent-length: 2\r\n\r\nhi", { ...EMPTY, status: 204 }],
    "a body after 205": ["HTTP/1.1 205 x\r\ncontent-length: 2\r\n\r\nhi", { ...HI, status: 205 }],
    "an upgrade that was not asked for": [
      "HTTP/1.1 200 OK\r\nconnection: upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\nhi",
      HI,
    ],
    "a body that breaks off": ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi", HI],
    chunks: ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nx-a: b\r\n\r\n", HI],
    "a chunk of no size": ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n", HI],
    "101 to a request for no other protocol": [
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
      PROTOCOL,
    ],
    "101, and then an answer": [`HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n${OK}`, PROTOCOL],
    "101 of no protocol, and then an answer": [`HTTP/1.1 101 x\r\n\r\n${OK}`, PROTOCOL],
    "two lengths that differ": ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi", PROTOCOL],
    "two lengths that are the same": ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nhi", PROTOCOL],
    "a length and chunks": [
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
      HI,
    ],
    "a length that is no number": ["HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\nhi", PROTOCOL],
    "a header name with a space": ["HTTP/1.1 200 OK\r\nx a: b\r\ncontent-length: 2\r\n\r\nhi", PROTOCOL],
    "a status of two digits": ["HTTP/1.1 20 OK\r\n\r\n", PROTOCOL],
    "a status of four digits": ["HTTP/1.1 2000 OK\r\n\r\n", PROTOCOL],
    "HTTP/2 in the place of HTTP/1.1": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", PROTOCOL],
    "a lower-case protocol": ["http/1.1 200 OK\r\n\r\n", PROTOCOL],
  };
  for (const [what, [text, outcome]] of Object.entries(ANSWERS)) {
    it(`is ${outcome.outcome === "answered" ? `${outcome.status}` : "a failure"}: ${what}`, async () => {
      receiver = await startRawReceiver(closing(text));
      assert.deepEqual(await post(receiver.port), outcome);
    });
  }

  const LARGE = JSON.stringify("x".repeat(20_000));
  for (const [when, behaviour] of Object.entries<(socket: Socket) => void>({
    "after the first bytes of the request, and resets the connection": (socket) =>
      void socket.once("data", () => socket.write(OK, () => socket.resetAndDestroy())),
    "at once, and closes": (socket) => socket.end(OK),
    "at once, and reads nothing": (socket) => void socket.pause().write(OK),
  })) {
    it(`is 200 where the receiver answers ${when}`, async () => {
      receiver = await startRawReceiver(behaviour);
      for (let turn = 0; turn < 20; turn++) assert.deepEqual(await post(receiver.port, 5000, LARGE), HI);
    });
  }
});
