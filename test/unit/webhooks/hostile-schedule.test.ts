import assert from "node:assert/strict";
import { makeCertificate } from "../../support/certificates.ts";
import { startDnsServer } from "../../support/dns-server.ts";
import { answering, dripping, keeper, startHttpReceiver, startRawReceiver } from "../../support/hostile-receiver.ts";
import { failOnceThenSucceed, webhookWorld } from "../../support/webhook-world.ts";

describe("a hostile endpoint's schedule", () => {
  const { keep, stopAll } = keeper();
  afterEach(stopAll);

  const receive = (...answers: Parameters<typeof answering>) => keep(startHttpReceiver(answering(...answers)));

  for (const status of [302, 304, 400, 401, 403, 404, 422, 500, 502, 504]) {
    it(`is tried again in 5 s with the same webhook-id: ${status}`, async () => {
      const receiver = await receive({ status, headers: { location: "/elsewhere" } }, { status: 200 });
      await failOnceThenSucceed(webhookWorld(), `http://127.0.0.1:${receiver.port}/hook`, async () => undefined);
      assert.deepEqual(new Set(receiver.requests.map(({ url }) => url)), new Set(["/hook"]));
    });
  }

  it("is tried again in 5 s with the same webhook-id: it does not answer", async () => {
    let isMended = false;
    const receiver = await keep(startHttpReceiver((_, response) => void (isMended && response.writeHead(200).end())));
    const world = webhookWorld({ deadlineMs: 300 });
    await failOnceThenSucceed(world, `http://127.0.0.1:${receiver.port}/`, async () => {
      isMended = true;
    });
    assert.deepEqual(
      (await world.onlyDelivery()).attempts.map(({ kind, status }) => kind ?? status),
      ["timeout", 200],
    );
  });

  it("is tried again in 5 s with the same webhook-id: it resets the connection", async () => {
    let isMended = false;
    const receiver = await keep(
      startRawReceiver((socket) => {
        socket.once("data", () => {
          if (isMended) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
          else socket.resetAndDestroy();
        });
      }),
    );
    await failOnceThenSucceed(webhookWorld(), `http://127.0.0.1:${receiver.port}/`, async () => {
      isMended = true;
    });
  });

  const NAME_FAILURES = {
    NXDOMAIN: { failure: "NXDOMAIN" },
    SERVFAIL: { failure: "SERVFAIL" },
    silence: "silence",
  } as const;
  for (const [what, answer] of Object.entries(NAME_FAILURES)) {
    it(`is tried again in 5 s with the same webhook-id: its name has ${what}`, async () => {
      const dns = await keep(startDnsServer());
      const receiver = await receive({ status: 200 });
      dns.set("hook.example", answer);
      const world = webhookWorld({ dnsServer: dns.server, deadlineMs: 300 });
      await failOnceThenSucceed(world, `http://hook.example:${receiver.port}/`, async () => {
        dns.set("hook.example", { addresses: ["127.0.0.1"] });
      });
      assert.equal((await world.onlyDelivery()).attempts[0]?.kind, "dns");
    });
  }

  it("is tried again on the schedule, and never gets a byte: a self-signed certificate, and plain http on a TLS port", async () => {
    const certificate = await makeCertificate("hook.example");
    const dns = await keep(startDnsServer());
    dns.set("hook.example", { addresses: ["127.0.0.1"] });
    for (const options of [{ certificate }, {}]) {
      const receiver = await keep(startHttpReceiver(answering({ status: 200 }), options));
      const world = webhookWorld({ dnsServer: dns.server });
      world.addEndpoint(`https://hook.example:${receiver.port}/`);
      await world.endJob();
      await world.clock.advance(5000);
      await world.deliver((await world.onlyDelivery()).deliveryId);
      const { state, nextAttemptAt, attempts } = await world.onlyDelivery();
      assert.deepEqual([state, nextAttemptAt], ["pending", new Date("2026-01-01T12:05:05.000Z")]);
      assert.deepEqual(
        attempts.map(({ kind }) => kind),
        ["tls", "tls"],
      );
      assert.equal(receiver.requests.length, 0);
    }
  });

  it("has succeeded by its status: 200, then a body without end", async () => {
    const receiver = await keep(
      startRawReceiver((socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          dripping("x")(socket);
        });
      }),
    );
    const world = webhookWorld({ deadlineMs: 300 });
    world.addEndpoint(`http://127.0.0.1:${receiver.port}/`);
    await world.endJob();
    const { state, attempts } = await world.onlyDelivery();
    assert.equal(state, "succeeded");
    assert.match(attempts[0]?.excerpt ?? "", /^x+$/);
  });

  const RETRY_AFTER: Record<string, string> = {
    "120": "2026-01-01T12:02:00.000Z",
    "3": "2026-01-01T12:00:05.000Z",
    "Thu, 01 Jan 2026 13:00:00 GMT": "2026-01-01T13:00:00.000Z",
    "Fri, 01 Jan 2027 12:00:00 GMT": "2026-01-02T12:00:00.000Z",
    "99999999999999999999": "2026-01-02T12:00:00.000Z",
    "Wed, 31 Dec 2025 12:00:00 GMT": "2026-01-01T12:00:05.000Z",
    "0": "2026-01-01T12:00:05.000Z",
    "-5": "2026-01-01T12:00:05.000Z",
    "1.5": "2026-01-01T12:00:05.000Z",
    garbage: "2026-01-01T12:00:05.000Z",
  };
  for (const [header, expected] of Object.entries(RETRY_AFTER)) {
    it(`is tried again at ${expected}: 429 at noon with Retry-After: ${header}`, async () => {
      const receiver = await receive({ status: 429, headers: { "retry-after": header } });
      const world = webhookWorld();
      world.addEndpoint(`http://127.0.0.1:${receiver.port}/`);
      await world.endJob();
      assert.deepEqual((await world.onlyDelivery()).nextAttemptAt, new Date(expected));
    });
  }

  it("gets no other event while it asked for time: 503 with Retry-After: 120", async () => {
    const receiver = await receive({ status: 503, headers: { "retry-after": "120" } }, { status: 200 });
    const world = webhookWorld();
    world.addEndpoint(`http://127.0.0.1:${receiver.port}/`);
    await world.endJob();
    await world.endJob({ jobId: "bbbbbbbbbbbbbbbbbbbb" });
    assert.equal(receiver.requests.length, 1);
    const [first, second] = world.deliveries.all();
    assert.deepEqual([first?.state, second?.state, second?.tries], ["pending", "pending", 0]);
    assert.ok(second?.nextAttemptAt && second.nextAttemptAt >= new Date("2026-01-01T12:02:00.000Z"));
  });
});
