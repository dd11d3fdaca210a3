import assert from "node:assert/strict";
import { addressJudge } from "../../../engine/src/webhooks/egress/address.ts";
import { webhookTransport } from "../../../engine/src/webhooks/egress/http-transport.ts";
import { nameResolver } from "../../../engine/src/webhooks/egress/resolve-name.ts";
import { type DnsAnswer, type DnsServer, startDnsServer } from "../../support/dns-server.ts";
import { type HostileReceiver, startHttpReceiver } from "../../support/hostile-receiver.ts";

const BLOCKED = { outcome: "failed", kind: "blocked_destination" };
const NO_NAME = { outcome: "failed", kind: "dns" };
const ANSWERED = { outcome: "answered", status: 204, excerpt: "" };

/** Production's judge, for which 127.0.0.1 plays the only public address: without one no connection could show. */
const production = addressJudge({ allowLoopback: false });
const judgeAddress = (address: string) => (address === "127.0.0.1" ? "allowed" : production(address));

describe("a hostile name", () => {
  let dns: DnsServer;
  let open: HostileReceiver;
  let elsewhere: HostileReceiver;

  beforeEach(async () => {
    dns = await startDnsServer();
    open = await startHttpReceiver((_, response) => response.writeHead(204).end());
    elsewhere = await startHttpReceiver((_, response) => response.writeHead(204).end(), { address: "127.0.0.2" });
  });
  afterEach(() => Promise.all([dns.stop(), open.stop(), elsewhere.stop()]));

  const post = (host: string, port = open.port, deadlineMs = 5000) =>
    webhookTransport({ judgeAddress, deadlineMs, resolve: nameResolver([dns.server]) }).post({
      url: `http://${host}:${port}/hook`,
      headers: { "webhook-id": "msg_1" },
      body: "{}",
    });

  const BLOCKED_ANSWERS: Record<string, DnsAnswer> = {
    "loopback beside the receiver": { addresses: ["127.0.0.2"] },
    "a private address": { addresses: ["10.0.0.1"] },
    "carrier-grade NAT": { addresses: ["100.64.0.1"] },
    "0.0.0.0": { addresses: ["0.0.0.0"] },
    "the metadata address": { addresses: ["169.254.169.254"] },
    "IPv6 loopback": { addresses: ["::1"] },
    "IPv4 inside IPv6": { addresses: ["::ffff:127.0.0.1"] },
    "NAT64 of the metadata address": { addresses: ["64:ff9b::a9fe:a9fe"] },
    "unique local IPv6": { addresses: ["fd7a:115c:a1e0::1"] },
    "an alias of the metadata host": { cname: "metadata.google.internal", addresses: ["169.254.169.254"] },
    "an alias of localhost": { cname: "localhost", addresses: ["127.0.0.2"] },
    "a public address, then a private one": { addresses: ["127.0.0.1", "10.0.0.1"] },
    "a private address, then a public one": { addresses: ["10.0.0.1", "127.0.0.1"] },
    "public IPv4 and private IPv6": { addresses: ["127.0.0.1", "fd00::1"] },
  };
  for (const [what, answer] of Object.entries(BLOCKED_ANSWERS)) {
    it(`is blocked without a connection: it resolves to ${what}`, async () => {
      dns.set("hook.example", answer);
      assert.deepEqual(await post("hook.example"), BLOCKED);
      assert.deepEqual(await post("hook.example", elsewhere.port), BLOCKED);
      assert.equal(open.connections() + elsewhere.connections(), 0);
    });
  }

  it("is blocked once it turns private: public at the endpoint's creation, private at the attempt", async () => {
    dns.set("hook.example", { addresses: ["127.0.0.1"] }, { addresses: ["127.0.0.2"] });
    assert.deepEqual(await post("hook.example"), ANSWERED);
    assert.deepEqual(await post("hook.example", elsewhere.port), BLOCKED);
    assert.equal(elsewhere.connections(), 0);
  });

  it("is resolved once for a request, and the first answer is dialled though the second is private", async () => {
    dns.set("hook.example", { addresses: ["127.0.0.1"] }, { addresses: ["127.0.0.2"] });
    assert.deepEqual(await post("hook.example"), ANSWERED);
    assert.deepEqual(dns.questions, ["hook.example"]);
    assert.equal(open.connections(), 1);
  });

  it("is answered when it is an alias of a public name", async () => {
    dns.set("hook.example", { cname: "real.example", addresses: ["127.0.0.1"] });
    assert.deepEqual(await post("hook.example"), ANSWERED);
    assert.equal(open.requests[0]?.headers.host, `hook.example:${open.port}`);
  });

  const NO_ADDRESS: Record<string, DnsAnswer> = {
    NXDOMAIN: { failure: "NXDOMAIN" },
    SERVFAIL: { failure: "SERVFAIL" },
    REFUSED: { failure: "REFUSED" },
    "no address": { addresses: [] },
    "an alias that leads nowhere": { cname: "nowhere.example", addresses: [] },
  };
  for (const [what, answer] of Object.entries(NO_ADDRESS)) {
    it(`is tried again later: ${what}`, async () => {
      dns.set("hook.example", answer, { addresses: ["127.0.0.1"] });
      assert.deepEqual(await post("hook.example"), NO_NAME);
    });
  }

  it("is tried again later: its name server does not answer until the deadline", async () => {
    dns.set("hook.example", "silence");
    assert.deepEqual(await post("hook.example", open.port, 150), NO_NAME);
  });

  it("delays no other name: twenty names without an answer, and one with an answer", async () => {
    for (let index = 0; index < 20; index++) dns.set(`silent-${index}.example`, "silence");
    dns.set("hook.example", { addresses: ["127.0.0.1"] });
    let silent = 20;
    const ends = Array.from({ length: 20 }, async (_, index) => {
      await post(`silent-${index}.example`, open.port, 1000);
      silent--;
    });
    assert.deepEqual(await post("hook.example"), ANSWERED);
    assert.equal(silent, 20);
    await Promise.all(ends);
  });

  it("does not reveal whether a private port is open, closed or unused", async () => {
    dns.set("open.example", { addresses: ["127.0.0.2"] });
    dns.set("nothing.example", { addresses: ["10.255.255.1"] });
    const tenant = [
      await post("open.example", elsewhere.port),
      await post("open.example", 1),
      await post("nothing.example", 8080),
      await post("127.0.0.2", elsewhere.port),
      await post("127.0.0.2", 1),
      await post("10.255.255.1", 8080),
      await post("[fd00::1]", 8080),
      await post("2130706434", elsewhere.port),
    ];
    assert.deepEqual(tenant, Array(8).fill(BLOCKED));
    assert.equal(elsewhere.connections(), 0);
  });
});
