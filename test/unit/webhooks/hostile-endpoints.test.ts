import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { startDnsServer } from "../../support/dns-server.ts";
import { answering, keeper, startHttpReceiver } from "../../support/hostile-receiver.ts";
import { failOnceThenSucceed, WORLD_SECRET, webhookWorld } from "../../support/webhook-world.ts";

const NEW_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

describe("a hostile endpoint", () => {
  const { keep, stopAll } = keeper();
  afterEach(stopAll);

  const receive = (...answers: Parameters<typeof answering>) => keep(startHttpReceiver(answering(...answers)));

  it("is disabled, with its pending deliveries cancelled and its owner alerted: 410", async () => {
    const receiver = await receive({ status: 500 }, { status: 410 });
    const other = await receive({ status: 200 });
    const world = webhookWorld();
    world.addEndpoint(`http://127.0.0.1:${receiver.port}/`);
    world.addEndpoint(`http://127.0.0.1:${other.port}/`, { endpointId: "otherotherotherother" });
    await world.endJob();
    await world.endJob({ jobId: "bbbbbbbbbbbbbbbbbbbb" });
    const endpoint = await world.endpoints.read("endpointendpointendp");
    assert.equal(endpoint?.disabled?.reason, "gone");
    const ofEndpoint = () => world.deliveries.all().filter(({ endpointId }) => endpointId === "endpointendpointendp");
    assert.deepEqual(
      ofEndpoint().map(({ state }) => state),
      ["cancelled", "cancelled"],
    );
    assert.deepEqual(
      world.alerts.given.map(({ kind, owner }) => [kind, owner]),
      [["disabled", "alice"]],
    );
    const event = world.deliveries.all().find(({ event }) => event === "endpoint.disabled");
    assert.deepEqual([event?.endpointId, event?.state], ["otherotherotherother", "pending"]);
    await world.clock.advance(60_000);
    for (const { deliveryId } of ofEndpoint()) await world.deliver(deliveryId);
    await world.endJob({ jobId: "cccccccccccccccccccc" });
    assert.equal(receiver.requests.length, 2);
    assert.equal(ofEndpoint().at(-1)?.state, "held");
  });

  it("gets both signatures on the next attempt: its secret was rotated in between", async () => {
    const receiver = await receive({ status: 500 }, { status: 200 });
    const world = webhookWorld();
    await failOnceThenSucceed(world, `http://127.0.0.1:${receiver.port}/`, async () => {
      const now = world.clock.now();
      const secret = { secretId: "new", secret: NEW_SECRET, createdAt: now };
      await world.endpoints.rotate("endpointendpointendp", secret, new Date("2026-01-02T12:00:00.000Z"), now);
    });
    const [first, second] = world.sent.map(({ headers }) => headers["webhook-signature"]?.split(" ") ?? []);
    assert.deepEqual([first?.length, second?.length], [1, 2]);
    const at = new Date("2026-01-01T12:00:05.000Z");
    const [message] = world.sent;
    const expected = [NEW_SECRET, WORLD_SECRET].map((secret) =>
      new Webhook(secret).sign(message?.headers["webhook-id"] ?? "", at, message?.body ?? ""),
    );
    assert.deepEqual(second, expected);
  });

  for (const [what, stop, state] of [
    ["disabled by its owner", "disable", "held"],
    ["deleted", "delete", "cancelled"],
  ] as const) {
    it(`gets nothing more: it was ${what} with an attempt pending`, async () => {
      const receiver = await receive({ status: 500 }, { status: 200 });
      const world = webhookWorld();
      world.addEndpoint(`http://127.0.0.1:${receiver.port}/`);
      await world.endJob();
      if (stop === "delete") await world.endpoints.delete("endpointendpointendp");
      else await world.endpoints.disable("endpointendpointendp", "owner", world.clock.now());
      await world.clock.advance(5000);
      await world.deliver((await world.onlyDelivery()).deliveryId);
      assert.equal(receiver.requests.length, 1);
      assert.equal((await world.onlyDelivery()).state, state);
    });
  }

  it("gets one request from a trigger that fires twice, concurrently and again later", async () => {
    const receiver = await receive({ status: 200 });
    const world = webhookWorld();
    world.addEndpoint(`http://127.0.0.1:${receiver.port}/`);
    await Promise.all([world.endJob(), world.endJob()]);
    await world.endJob();
    assert.equal(receiver.requests.length, 1);
    assert.equal((await world.onlyDelivery()).attemptCount, 1);
  });

  it("gets the same webhook-id again when the process dies after the POST and before the record", async () => {
    const receiver = await receive({ status: 200 });
    const world = webhookWorld();
    world.addEndpoint(`http://127.0.0.1:${receiver.port}/`);
    const { deliveries } = world.ports;
    const dying: typeof deliveries = {
      ...deliveries,
      async apply(deliveryId, event, now) {
        if (event.kind === "end") throw new Error("the process died");
        return deliveries.apply(deliveryId, event, now);
      },
    };
    await world.endJob({}, { ...world.ports, deliveries: dying });
    const { deliveryId, state, dueAt } = await world.onlyDelivery();
    assert.deepEqual([state, dueAt], ["sending", new Date("2026-01-01T12:00:30.000Z")]);
    await world.clock.advance(29_999);
    await world.deliver(deliveryId);
    assert.equal(receiver.requests.length, 1);
    await world.clock.advance(1);
    await world.deliver(deliveryId);
    assert.deepEqual(
      receiver.requests.map(({ headers }) => headers["webhook-id"]),
      [deliveryId, deliveryId],
    );
    assert.equal((await world.onlyDelivery()).state, "succeeded");
  });

  it("is blocked for good, without a connection: its name became private after its creation", async () => {
    const dns = await keep(startDnsServer());
    const receiver = await receive({ status: 500 });
    dns.set("hook.example", { addresses: ["127.0.0.1"] }, { addresses: ["169.254.169.254"] });
    const world = webhookWorld({ dnsServer: dns.server });
    world.addEndpoint(`http://hook.example:${receiver.port}/`);
    await world.endJob();
    await world.clock.advance(5000);
    await world.deliver((await world.onlyDelivery()).deliveryId);
    const { state, attempts } = await world.onlyDelivery();
    assert.deepEqual([state, attempts[1]?.kind, receiver.connections()], ["failed", "blocked_destination", 1]);
  });

  it("learns nothing about a private address: open, closed, or unused", async () => {
    const dns = await keep(startDnsServer());
    const open = await keep(startHttpReceiver(answering({ status: 200 }), { address: "127.0.0.2" }));
    dns.set("open.example", { addresses: ["127.0.0.2"] });
    dns.set("nothing.example", { addresses: ["10.255.255.1"] });
    const traces = [];
    for (const url of [
      `http://open.example:${open.port}/`,
      "http://open.example:1024/",
      "http://nothing.example:8080/",
      `http://127.0.0.2:${open.port}/`,
      "http://10.255.255.1:8080/",
    ]) {
      const world = webhookWorld({ dnsServer: dns.server });
      world.ports.guard = { judge: () => ({ outcome: "allowed" }) };
      world.addEndpoint(url);
      await world.endJob();
      const { attempts, ...delivery } = await world.onlyDelivery();
      const endpoint = await world.endpoints.read("endpointendpointendp");
      traces.push(JSON.stringify([delivery, attempts, endpoint?.health, world.alerts.given]));
    }
    assert.equal(new Set(traces).size, 1, traces.join("\n"));
    assert.match(traces[0] ?? "", /"kind":"blocked_destination"/);
    assert.doesNotMatch(traces[0] ?? "", /127\.0|10\.255/);
    assert.equal(open.connections(), 0);
  });

  it("finds no secret, signature, custom value or resolved address in the log of its attempts", async () => {
    const dns = await keep(startDnsServer());
    dns.set("hook.example", { addresses: ["127.0.0.1"] });
    const receiver = await receive({ status: 500, body: "it <b>broke</b>\u0000" });
    const world = webhookWorld({ dnsServer: dns.server });
    world.addEndpoint(`http://hook.example:${receiver.port}/`, {}, { authorization: "Bearer t0ken" });
    await world.endJob();
    assert.equal(receiver.requests[0]?.headers.authorization, "Bearer t0ken");
    const { attempts, deliveryId } = await world.onlyDelivery();
    assert.equal(attempts[0]?.excerpt, "it <b>broke</b>\u2400");
    assert.deepEqual(attempts[0]?.requestHeaders, {
      authorization: "***",
      "content-type": "application/json",
      "webhook-id": deliveryId,
      "webhook-timestamp": "1767268800",
      "webhook-signature": "v1,***",
    });
    assert.doesNotMatch(JSON.stringify(attempts), /127\.0|t0ken|whsec_/);
    assert.doesNotMatch(JSON.stringify(world.log.warn.args), /127\.0|t0ken|whsec_|hook\.example|broke/);
  });
});
