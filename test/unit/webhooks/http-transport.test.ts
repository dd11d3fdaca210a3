import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo, type LookupFunction } from "node:net";
import { webhookTransport } from "../../../functions/src/gcp/http-transport.ts";
import { SELF_SIGNED } from "./self-signed.ts";

/** Stands for production's judge where all is loopback: .1 plays a public address, every other one a private. */
const judgeAddress = (address: string) => (address === "127.0.0.1" ? "allowed" : "refused");

/** Answers the addresses of each call in turn, the last ones for ever. */
function resolver(...calls: string[][]): LookupFunction & { count: number } {
  const resolve = (_: string, __: object, callback: Parameters<LookupFunction>[2]) => {
    const addresses = calls[Math.min(resolve.count++, calls.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: net.isIP(address) })),
    );
  };
  resolve.count = 0;
  return resolve;
}

describe("webhookTransport", () => {
  const servers: net.Server[] = [];
  const sockets = new Set<net.Socket>();

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  async function listen(server: net.Server, host = "127.0.0.1", port = 0): Promise<number> {
    servers.push(server);
    server.on("connection", (socket) => sockets.add(socket));
    server.listen(port, host);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  /** A server that answers each request by `handle`; `requests` counts them and `connections` what came in at all. */
  async function serve(handle: http.RequestListener, host?: string) {
    const seen = { requests: 0, connections: 0 };
    const server = http.createServer((request, response) => {
      seen.requests++;
      handle(request, response);
    });
    server.on("connection", () => seen.connections++);
    return { port: await listen(server, host), seen };
  }

  /** A server that speaks no HTTP of its own. */
  async function serveRaw(handle: (socket: net.Socket) => void): Promise<number> {
    return listen(
      net.createServer((socket) => {
        socket.on("error", () => undefined);
        handle(socket);
      }),
    );
  }

  const post = (url: string, options: Partial<Parameters<typeof webhookTransport>[0]> = {}) =>
    webhookTransport({ judgeAddress, deadlineMs: 5000, ...options }).post({
      url,
      headers: { "content-type": "application/json", "webhook-id": "msg_1" },
      body: '{"é":1}',
    });

  it("posts the body and headers as they are, asks for no encoding and keeps no connection", async () => {
    let body = "";
    let head: http.IncomingMessage | undefined;
    const { port } = await serve((request, response) => {
      head = request;
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => response.writeHead(202).end("thanks"));
    });
    assert.deepEqual(await post(`http://127.0.0.1:${port}/hook?a=1`), { outcome: "answered", status: 202 });
    assert.equal(head?.method, "POST");
    assert.equal(head?.url, "/hook?a=1");
    assert.equal(body, '{"é":1}');
    assert.equal(head?.headers["webhook-id"], "msg_1");
    assert.equal(head?.headers["content-type"], "application/json");
    assert.equal(head?.headers["content-length"], "8");
    assert.equal(head?.headers["user-agent"], "Baton-Webhooks/1");
    assert.equal(head?.headers["accept-encoding"], "identity");
    assert.equal(head?.headers.connection, "close");
  });

  it("opens a new connection for every request", async () => {
    const { port, seen } = await serve((_, response) => response.writeHead(200, { connection: "keep-alive" }).end("x"));
    await post(`http://127.0.0.1:${port}/`);
    await post(`http://127.0.0.1:${port}/`);
    assert.equal(seen.connections, 2);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`answers ${status} and never fetches its location`, async () => {
      const { port, seen } = await serve((_, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${port}/elsewhere` }).end(),
      );
      assert.deepEqual(await post(`http://127.0.0.1:${port}/`), { outcome: "answered", status });
      assert.equal(seen.requests, 1);
    });
  }

  it("answers 410 and 500 as they are", async () => {
    const { port } = await serve((request, response) => response.writeHead(Number(request.url?.slice(1))).end());
    assert.deepEqual(await post(`http://127.0.0.1:${port}/410`), { outcome: "answered", status: 410 });
    assert.deepEqual(await post(`http://127.0.0.1:${port}/500`), { outcome: "answered", status: 500 });
  });

  it("does not connect to a refused IP literal", async () => {
    const { port, seen } = await serve((_, response) => response.end(), "127.0.0.2");
    const blocked = { outcome: "failed", kind: "blocked_destination" };
    assert.deepEqual(await post(`http://127.0.0.2:${port}/`), blocked);
    assert.deepEqual(await post(`http://2130706434:${port}/`), blocked);
    assert.deepEqual(await post(`http://[::1]:${port}/`), blocked);
    assert.equal(seen.connections, 0);
  });

  it("does not connect when a name resolves to a refused address", async () => {
    const { port, seen } = await serve((_, response) => response.end(), "127.0.0.2");
    const outcome = await post(`http://private.example:${port}/`, { resolve: resolver(["127.0.0.2"]) });
    assert.deepEqual(outcome, { outcome: "failed", kind: "blocked_destination" });
    assert.equal(seen.connections, 0);
  });

  it("does not connect when only one of many addresses is refused, wherever it stands", async () => {
    const { port, seen } = await serve((_, response) => response.end());
    for (const addresses of [
      ["127.0.0.1", "10.0.0.1"],
      ["::1", "127.0.0.1"],
      ["127.0.0.1", "127.0.0.1", "127.0.0.2"],
    ]) {
      const outcome = await post(`http://mixed.example:${port}/`, { resolve: resolver(addresses) });
      assert.deepEqual(outcome, { outcome: "failed", kind: "blocked_destination" });
    }
    assert.equal(seen.connections, 0);
  });

  it("says the same of a refused address whether its port is open or closed", async () => {
    const { port } = await serve((_, response) => response.end(), "127.0.0.2");
    const closed = await post("http://private.example:1/", { resolve: resolver(["127.0.0.2"]) });
    const open = await post(`http://private.example:${port}/`, { resolve: resolver(["127.0.0.2"]) });
    assert.deepEqual(closed, open);
  });

  it("resolves once and dials that answer when the next answer would be private", async () => {
    const { port, seen } = await serve((_, response) => response.end());
    const rebinding = resolver(["127.0.0.1"], ["127.0.0.2"]);
    const outcome = await post(`http://rebind.example:${port}/`, { resolve: rebinding });
    assert.deepEqual(outcome, { outcome: "answered", status: 200 });
    assert.equal(rebinding.count, 1);
    assert.equal(seen.requests, 1);
    const again = await post(`http://rebind.example:${port}/`, { resolve: rebinding });
    assert.deepEqual(again, { outcome: "failed", kind: "blocked_destination" });
  });

  it("tells names that do not resolve apart", async () => {
    const failing: LookupFunction = (_, __, callback) =>
      callback(Object.assign(new Error("queryA ESERVFAIL"), { code: "ESERVFAIL" }), []);
    const dns = { outcome: "failed", kind: "dns" };
    assert.deepEqual(await post("http://gone.example/", { resolve: failing }), dns);
    assert.deepEqual(await post("http://gone.example/", { resolve: resolver([]) }), dns);
  });

  it("gives up on a resolver that never answers, at the deadline", async () => {
    const outcome = await post("http://slow.example/", { resolve: () => undefined, deadlineMs: 100 });
    assert.deepEqual(outcome, { outcome: "failed", kind: "timeout" });
  });

  it("gives up at the deadline on a server that accepts and says nothing", async () => {
    const port = await serveRaw(() => undefined);
    const timeout = { outcome: "failed", kind: "timeout" };
    assert.deepEqual(await post(`http://127.0.0.1:${port}/`, { deadlineMs: 150 }), timeout);
    assert.deepEqual(await post(`https://127.0.0.1:${port}/`, { deadlineMs: 150 }), timeout);
  });

  it("gives up at the deadline on headers that come one byte at a time, and on endless 103 responses", async () => {
    const trickle = (text: string) => (socket: net.Socket) => {
      let sent = 0;
      const timer = setInterval(() => socket.write(text.at(sent++ % text.length) ?? ""), 5);
      socket.on("close", () => clearInterval(timer));
    };
    const slow = await serveRaw(trickle(`HTTP/1.1 200 OK\r\nx-slow: ${"x".repeat(5000)}`));
    const hints = await serveRaw((socket) => {
      const timer = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"), 5);
      socket.on("close", () => clearInterval(timer));
    });
    for (const port of [slow, hints]) {
      const outcome = await post(`http://127.0.0.1:${port}/`, { deadlineMs: 200 });
      assert.deepEqual(outcome, { outcome: "failed", kind: "timeout" });
    }
  });

  it("judges by the status when the body never ends, and cuts it", async () => {
    let written = 0;
    const { port } = await serve((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
      };
      response.on("drain", more);
      more();
    });
    const outcome = await post(`http://127.0.0.1:${port}/`, { maxResponseBytes: 65_536 });
    assert.deepEqual(outcome, { outcome: "answered", status: 200 });
    assert.ok(written < 20_000_000, `${written} bytes were written`);
  });

  it("judges by the status when the body comes one byte at a time or breaks off", async () => {
    const slow = await serve((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x"), 5);
      response.on("close", () => clearInterval(timer));
    });
    const broken = await serve((_, response) => {
      response.writeHead(500, { "content-length": "100" });
      response.write("x", () => response.destroy());
    });
    const ofSlow = await post(`http://127.0.0.1:${slow.port}/`, { deadlineMs: 200 });
    assert.deepEqual(ofSlow, { outcome: "answered", status: 200 });
    assert.deepEqual(await post(`http://127.0.0.1:${broken.port}/`), { outcome: "answered", status: 500 });
  });

  it("does not decode a compressed answer", async () => {
    const { port } = await serve((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end("this is not gzip"),
    );
    assert.deepEqual(await post(`http://127.0.0.1:${port}/`), { outcome: "answered", status: 200 });
  });

  it("tells a reset, a refused connection and an answer that is not HTTP apart", async () => {
    const reset = await serveRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const garbage = await serveRaw((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n")));
    assert.deepEqual(await post(`http://127.0.0.1:${reset}/`), { outcome: "failed", kind: "connect" });
    assert.deepEqual(await post(`http://127.0.0.1:${garbage}/`), { outcome: "failed", kind: "protocol" });
    const closed = await listen(net.createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    assert.deepEqual(await post(`http://127.0.0.1:${closed}/`), { outcome: "failed", kind: "connect" });
  });

  it("refuses a certificate that nobody trusts, and plain http on a TLS port", async () => {
    let requests = 0;
    const port = await listen(
      https.createServer(SELF_SIGNED, (_, response) => {
        requests++;
        response.end();
      }),
    );
    const { port: plain } = await serve((_, response) => response.end());
    const tls = { outcome: "failed", kind: "tls" };
    assert.deepEqual(await post(`https://localhost:${port}/`, { resolve: resolver(["127.0.0.1"]) }), tls);
    assert.deepEqual(await post(`https://other.example:${port}/`, { resolve: resolver(["127.0.0.1"]) }), tls);
    assert.deepEqual(await post(`https://127.0.0.1:${plain}/`), tls);
    assert.equal(requests, 0);
  });

  it("takes what cannot be requested as a failure, too", async () => {
    assert.deepEqual(await post("not a url"), { outcome: "failed", kind: "protocol" });
    assert.deepEqual(await post("ftp://127.0.0.1/"), { outcome: "failed", kind: "protocol" });
  });
});
