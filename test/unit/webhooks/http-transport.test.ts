import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { webhookTransport } from "../../../engine/src/webhooks/egress/http-transport.ts";
import type { ResolveName } from "../../../engine/src/webhooks/egress/resolve-name.ts";
import { type HostileReceiver, startHttpReceiver } from "../../support/hostile-receiver.ts";

/** Stands for production's judge where all is loopback: .1 plays a public address, every other one a private. */
const judgeAddress = (address: string) => (address === "127.0.0.1" ? "allowed" : "refused");

const HEADERS = { "content-type": "application/json", "webhook-id": "msg_1" };

describe("webhookTransport", () => {
  let receiver: HostileReceiver;
  afterEach(() => receiver.stop());

  async function listen(handle: RequestListener, address = "127.0.0.1"): Promise<void> {
    receiver = await startHttpReceiver(handle, { address });
  }

  const post = (
    options: Partial<Parameters<typeof webhookTransport>[0]> = {},
    url = `http://127.0.0.1:${receiver.port}/`,
  ) =>
    webhookTransport({ judgeAddress, deadlineMs: 5000, ...options }).post({ url, headers: HEADERS, body: '{"é":1}' });

  const answering = (status: number, body: string | Buffer = "", headers: Record<string, string | string[]> = {}) =>
    listen((_, response) => void response.writeHead(status, headers).end(body));

  async function excerpt(body: string | Buffer): Promise<string> {
    await answering(200, body);
    const outcome = await post();
    return outcome.outcome === "answered" ? outcome.excerpt : assert.fail();
  }

  it("posts the body and headers as they are, asks for no encoding and keeps no connection", async () => {
    let body = "";
    await listen((request, response) => {
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => response.writeHead(202).end("thanks"));
    });
    const outcome = await post({}, `http://127.0.0.1:${receiver.port}/hook?a=1#part`);
    assert.deepEqual(outcome, { outcome: "answered", status: 202, excerpt: "thanks" });
    assert.equal(body, '{"é":1}');
    const [request] = receiver.requests;
    assert.equal(`${request?.method} ${request?.url}`, "POST /hook?a=1");
    assert.deepEqual(request?.headers, {
      host: `127.0.0.1:${receiver.port}`,
      connection: "close",
      "content-type": "application/json",
      "webhook-id": "msg_1",
      "user-agent": "Baton-Webhooks/1",
      "accept-encoding": "identity",
      "content-length": "8",
    });
  });

  it("opens a new connection for every request", async () => {
    await answering(200, "x", { connection: "keep-alive" });
    await post();
    await post();
    assert.equal(receiver.connections(), 2);
  });

  it("gives Retry-After as it came, and the first of two", async () => {
    await answering(429, "", { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" });
    const date = { outcome: "answered", status: 429, excerpt: "", retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT" };
    assert.deepEqual(await post(), date);
    await receiver.stop();
    await answering(503, "", { "retry-after": ["garbage", "120"] });
    assert.deepEqual(await post(), { outcome: "answered", status: 503, excerpt: "", retryAfter: "garbage" });
  });

  it("keeps the first 20,480 bytes of a longer answer, and reads it to its end", async () => {
    let isWhole = false;
    await listen((_, response) => {
      response.writeHead(200).end("x".repeat(60_000));
      response.on("finish", () => (isWhole = true));
    });
    const outcome = await post();
    assert.equal(outcome.outcome === "answered" && outcome.excerpt, "x".repeat(20_480));
    assert.equal(isWhole, true);
  });

  it("cuts no character in two", async () => {
    const text = await excerpt(`x${"é".repeat(20_000)}`);
    assert.equal(text, `x${"é".repeat(10_239)}`);
  });

  it("leaves out the beginning of a character at which the answer broke off", async () => {
    await listen((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write(Buffer.from([0x61, 0xc3]), () => response.destroy());
    });
    assert.deepEqual(await post(), { outcome: "answered", status: 200, excerpt: "a" });
  });

  it("replaces what is not UTF-8, and stays within 20,480 bytes though that takes more", async () => {
    assert.equal(await excerpt(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x62, 0xc3])), "a\ufffd\ufffd(b\ufffd");
    await receiver.stop();
    const text = await excerpt(Buffer.alloc(30_000, 0xff));
    assert.equal(text, "\ufffd".repeat(6826));
  });

  it("shows control characters as pictures, and none that turn text around", async () => {
    const text = await excerpt("a\u0000b\u001b[31m\tc\r\n\u007f\u0085\u202egpj.exe\u2066");
    assert.equal(text, "a\u2400b\u241b[31m\tc\r\n\u2421\ufffd\ufffdgpj.exe\ufffd");
  });

  it("cuts a longer answer at its cap", async () => {
    await listen((_, response) => {
      response.writeHead(200).write("abcdef");
    });
    const outcome = await post({ maxResponseBytes: 6 });
    assert.deepEqual(outcome, { outcome: "answered", status: 200, excerpt: "abcdef" });
  });

  it("does not connect to a refused IP literal, however it is written", async () => {
    await listen((_, response) => response.end(), "127.0.0.2");
    for (const host of ["127.0.0.2", "2130706434", "0177.0.0.2", "[::1]", "[::ffff:127.0.0.2]"]) {
      const outcome = await post({}, `http://${host}:${receiver.port}/`);
      assert.deepEqual(outcome, { outcome: "failed", kind: "blocked_destination" }, host);
    }
    assert.equal(receiver.connections(), 0);
  });

  it("dials another address of the name when one does not answer", async () => {
    await answering(204);
    // Nothing listens on .3; both are public here.
    const resolve: ResolveName = async () => ["127.0.0.3", "127.0.0.1"];
    const outcome = await post({ resolve, judgeAddress: () => "allowed" }, `http://two.example:${receiver.port}/`);
    assert.deepEqual(outcome, { outcome: "answered", status: 204, excerpt: "" });
  });

  it("does not reveal which address did not answer", async () => {
    await answering(204);
    const resolve: ResolveName = async () => ["127.0.0.3"];
    const outcome = await post({ resolve, judgeAddress: () => "allowed" }, `http://one.example:${receiver.port}/`);
    assert.deepEqual(outcome, { outcome: "failed", kind: "connect" });
  });

  it("knows localhost without asking", async () => {
    await answering(204);
    const outcome = await post({ judgeAddress: () => "allowed" }, `http://app.localhost:${receiver.port}/`);
    assert.deepEqual(outcome, { outcome: "answered", status: 204, excerpt: "" });
  });

  it("answers a failure for a URL that cannot be requested", async () => {
    await answering(204);
    const url = `http://127.0.0.1:${receiver.port}/`;
    assert.deepEqual(await post({}, "not a url"), { outcome: "failed", kind: "protocol" });
    assert.deepEqual(await post({}, "ftp://127.0.0.1/"), { outcome: "failed", kind: "protocol" });
    const transport = webhookTransport({ judgeAddress });
    const outcome = await transport.post({ url, headers: { "x-a": "1\r\nx-b: 2" }, body: "{}" });
    assert.deepEqual(outcome, { outcome: "failed", kind: "protocol" });
    assert.equal(receiver.connections(), 0);
  });
});
