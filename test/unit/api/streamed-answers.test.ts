import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Hono } from "hono";
import sinon from "sinon";
import { serve } from "../../../engine/src/http/node-handler.ts";

/** One line of a stream of server-sent events. */
const event = (data: string) => new TextEncoder().encode(`data: ${data}\n\n`);

/** A stream that a test feeds, and a note of its end. */
function aSource() {
  const cancelled = Promise.withResolvers<void>();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel: () => cancelled.resolve(),
  });
  return {
    stream,
    cancelled: cancelled.promise,
    push: (data: string) => controller?.enqueue(event(data)),
    end: () => controller?.close(),
    fail: (error: Error) => controller?.error(error),
  };
}

describe("a streamed answer", () => {
  let server: Server;
  let source: ReturnType<typeof aSource>;
  let failures: sinon.SinonSpy;

  beforeEach(async () => {
    source = aSource();
    failures = sinon.fake();
    const app = new Hono()
      .get("/events", () => new Response(source.stream, { headers: { "content-type": "text/event-stream" } }))
      .get("/whole", (c) => c.json({ text: "é" }))
      .get("/none", (c) => c.body(null, 204));
    server = createServer((req, res) => {
      serve(app.fetch, req, res).catch((error: unknown) => {
        failures(error);
        if (!res.headersSent) res.writeHead(500).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const port = () => {
    const address: AddressInfo | string | null = server.address();
    assert.ok(typeof address === "object" && address !== null);
    return address.port;
  };

  /** Asks, and gives the answer as soon as its headers are there. */
  async function ask(path: string, method = "GET"): Promise<IncomingMessage> {
    const asked = request({ host: "127.0.0.1", port: port(), path, method, agent: false });
    asked.end();
    const [answer]: IncomingMessage[] = await once(asked, "response");
    assert.ok(answer);
    return answer.setEncoding("utf8");
  }

  it("shows its headers before its first chunk, and each chunk as it comes", async () => {
    const answer = await ask("/events");
    assert.equal(answer.headers["content-type"], "text/event-stream");
    assert.equal(answer.headers["transfer-encoding"], "chunked");
    for (const data of ["one", "two"]) {
      source.push(data);
      assert.deepEqual(await once(answer, "data"), [`data: ${data}\n\n`]);
    }
    source.end();
    await once(answer, "end");
    assert.equal(answer.complete, true);
  });

  it("goes out as a whole, with its length, when all of it is there", async () => {
    const answer = await ask("/whole");
    assert.equal(answer.headers["content-length"], "13");
    assert.deepEqual(await answer.toArray(), ['{"text":"é"}']);
  });

  it("has no body when the response has none", async () => {
    const answer = await ask("/none");
    assert.equal(answer.statusCode, 204);
    assert.deepEqual(await answer.toArray(), []);
  });

  it("is cancelled when the client goes away while no chunk comes", async () => {
    const answer = await ask("/events");
    source.push("one");
    await once(answer, "data");
    answer.destroy();
    await source.cancelled;
    assert.equal(failures.callCount, 0);
  });

  it("is read no faster than the client reads, and cancelled when that client goes away", async () => {
    let chunks = 0;
    const cancelled = Promise.withResolvers<void>();
    source.stream = new ReadableStream(
      {
        pull(controller) {
          chunks += 1;
          controller.enqueue(new Uint8Array(65_536));
        },
        cancel: () => cancelled.resolve(),
      },
      { highWaterMark: 0 },
    );
    const socket = connect(port(), "127.0.0.1");
    socket.pause();
    socket.write("GET /events HTTP/1.1\r\nhost: x\r\n\r\n");
    // The buffers of both sockets fill up; from then on nothing is asked of the stream.
    let before = -1;
    while (chunks === 0 || chunks !== before) {
      before = chunks;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(chunks < 1000, `${chunks} chunks of 64 KiB were read`);
    socket.destroy();
    await cancelled.promise;
    assert.equal(failures.callCount, 0);
  });

  it("breaks off when the stream fails half way, and the failure is reported", async () => {
    const answer = await ask("/events");
    source.push("one");
    await once(answer, "data");
    source.fail(new Error("the store is away"));
    await assert.rejects(once(answer, "end"), { code: "ECONNRESET" });
    assert.equal(answer.complete, false);
    assert.equal(failures.firstCall.args[0].message, "the store is away");
  });

  it("has sent nothing when the stream fails at once, so that the caller may still answer", async () => {
    source.fail(new Error("the store is away"));
    assert.equal((await ask("/events")).statusCode, 500);
    assert.equal(failures.callCount, 1);
  });

  it("answers HEAD without the body, and cancels the stream", async () => {
    const answer = await ask("/events", "HEAD");
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers["content-type"], "text/event-stream");
    assert.deepEqual(await answer.toArray(), []);
    await source.cancelled;
  });

  it("is cancelled when the client goes away before there is an answer", async () => {
    const asked = Promise.withResolvers<void>();
    const ready = Promise.withResolvers<void>();
    const slow = createServer((req, res) => {
      const answer = async () => {
        asked.resolve();
        await ready.promise;
        return new Response(source.stream);
      };
      serve(answer, req, res).catch(failures);
      res.once("close", () => ready.resolve());
    }).listen(0, "127.0.0.1");
    try {
      await once(slow, "listening");
      const address = slow.address();
      assert.ok(typeof address === "object" && address !== null);
      const socket = connect(address.port, "127.0.0.1");
      socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
      await asked.promise;
      socket.destroy();
      await source.cancelled;
      assert.equal(failures.callCount, 0);
    } finally {
      slow.close();
    }
  });
});
