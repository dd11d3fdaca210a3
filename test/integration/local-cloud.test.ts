import assert from "node:assert/strict";
import { type Call, type FixtureCloud, startFixtureCloud } from "../support/fixture-cloud.ts";
import { waitFor } from "../support/wait-for.ts";

/** The fixture's functions, started once for all tests; each test has a key of its own. */
let fixture: FixtureCloud;

function callsOf(key: string, count: number): Promise<Call[]> {
  return waitFor(`${count} calls with key ${key}`, async () => {
    const calls = await fixture.calls(key);
    return calls.length >= count && calls;
  });
}

async function settled(name: string, stat: "delivered" | "dropped" | "deadLettered", count: number): Promise<void> {
  await waitFor(`${count} ${stat} of ${name}`, async () => (fixture.cloud.stats()[name]?.[stat] ?? 0) >= count);
}

describe("a local cloud of functions that misbehave", () => {
  before(async () => {
    fixture = await startFixtureCloud();
  });
  after(() => fixture?.stop());

  describe("the event bridge", () => {
    it("calls a function with a CloudEvent of its topic", async () => {
      await fixture.publish("baton-jobs-moody", { key: "plain" });
      const [call] = await callsOf("plain", 1);
      assert.equal(call?.type, "google.cloud.pubsub.topic.v1.messagePublished");
      assert.equal(call?.source, "//pubsub.googleapis.com/projects/demo-baton/topics/baton-jobs-moody");
      assert.equal(call?.deliveryAttempt, 1);
    });

    it("repeats a failed event, each time after a longer pause, and counts the deliveries", async () => {
      await fixture.publish("baton-jobs-moody", { key: "failing", mode: "fail", times: "3" });
      const calls = await callsOf("failing", 4);
      assert.deepEqual(
        calls.map(({ deliveryAttempt }) => deliveryAttempt),
        [1, 2, 3, 4],
      );
      const [first = 0, second = 0, third = 0, fourth = 0] = calls.map(({ at }) => at);
      assert.ok(second - first >= 49, `first pause ${second - first} ms`);
      assert.ok(third - second >= 99, `second pause ${third - second} ms`);
      assert.ok(fourth - third >= 199, `third pause ${fourth - third} ms`);
    });

    it("moves an event that failed too often to the dead-letter topic, with where it comes from", async () => {
      await fixture.publish("baton-jobs-moody", { key: "hopeless", mode: "fail", times: "99" });
      const calls = await callsOf("hopeless", 5);
      assert.deepEqual(
        calls.map(({ name }) => name),
        ["moody", "moody", "moody", "moody", "bury"],
      );
      const attributes = calls[4]?.attributes;
      assert.ok(typeof attributes === "object" && attributes !== null);
      assert.deepEqual(Object.entries(attributes).slice(0, 5), [
        ["key", "hopeless"],
        ["mode", "fail"],
        ["times", "99"],
        ["CloudPubSubDeadLetterSourceDeliveryCount", "4"],
        ["CloudPubSubDeadLetterSourceSubscription", "eventarc-moody-sub"],
      ]);
      assert.equal(fixture.cloud.stats().moody?.deadLettered, 1);
    });

    it("cuts off a call at the function's timeout and delivers the event again", async () => {
      await fixture.publish("baton-jobs-moody", { key: "hanging", mode: "hang" });
      const [first, second] = await callsOf("hanging", 2);
      assert.ok(first && second);
      const waited = second.at - first.at;
      assert.ok(waited >= 1000, `the second call came after ${waited} ms`);
    });

    it("starts a function again that died, and delivers what it was working on to the new process", async () => {
      await fixture.publish("baton-jobs-moody", { key: "deadly", mode: "exit" });
      await callsOf("deadly", 2);
      await waitFor("the process that runs now to have had it", async () => {
        const calls = await fixture.calls("deadly");
        return calls.at(-1)?.pid === fixture.cloud.functionPid("moody") && calls[0]?.pid !== calls.at(-1)?.pid;
      });
      assert.ok((fixture.cloud.stats().moody?.restarts ?? 0) >= 1);
    });

    it("replaces a function that was killed from outside, and keeps its events meanwhile", async () => {
      const pid = fixture.cloud.functionPid("slow");
      fixture.cloud.killFunction("slow", "SIGKILL");
      await fixture.publish("slow-topic", { key: "after-the-kill" });
      const calls = await callsOf("after-the-kill", 1);
      assert.notEqual(calls[0]?.pid, pid);
    });

    it("runs at most as many events at once as concurrency times instances allow", async () => {
      const before = fixture.cloud.stats().slow?.delivered ?? 0;
      await Promise.all(Array.from({ length: 12 }, () => fixture.publish("slow-topic", { key: "many" })));
      await settled("slow", "delivered", before + 12);
      assert.equal((await fixture.calls("many")).length, 12);
      assert.equal(fixture.cloud.stats().slow?.maxInFlight, 3);
    });

    it("drops a failed event of a function without retry", async () => {
      await fixture.publish("once-topic", { key: "unlucky" });
      await settled("once", "dropped", 1);
      assert.equal((await fixture.calls("unlucky")).length, 1);
    });

    it("wakes a function with the document that was created, and again when it fails", async () => {
      await fixture.createDocument("things/t1", { name: { stringValue: "x" }, failures: { integerValue: "1" } });
      const calls = await callsOf("t1", 2);
      assert.deepEqual(
        calls.map(({ document, data }) => ({ document, data })),
        [
          { document: "things/t1", data: { name: "x", failures: 1 } },
          { document: "things/t1", data: { name: "x", failures: 1 } },
        ],
      );
    });
  });

  describe("the door of an HTTPS function", () => {
    const at = (path: string) => `${fixture.cloud.addresses.apiUrl}${path}`;

    it("passes a request on as it came, with the caller's address", async () => {
      const response = await fetch(at("/a/b?c=d"), { method: "PUT", headers: { "x-mine": "1" }, body: "text" });
      assert.equal(response.status, 200);
      const seen: unknown = await response.json();
      assert.ok(typeof seen === "object" && seen !== null && "url" in seen && "headers" in seen && "body" in seen);
      const { url, headers, body } = seen;
      assert.ok(typeof headers === "object" && headers !== null && "x-mine" in headers && "x-forwarded-for" in headers);
      assert.deepEqual(
        [url, body, headers["x-mine"], headers["x-forwarded-for"]],
        ["/a/b?c=d", "text", "1", "127.0.0.1"],
      );
    });

    it("answers 504 when the function takes longer than its timeout", async () => {
      const response = await fetch(at("/hang"));
      assert.equal(response.status, 504);
      assert.equal(response.headers.get("content-type"), "application/problem+json");
    });

    it("answers 500 or 503 when the process dies, never with a broken connection", async () => {
      const dying = await fetch(at("/exit"));
      assert.ok([500, 503].includes(dying.status), `it answered ${dying.status}`);
      await waitFor("the next process", async () => fixture.cloud.stats()["baton-api"]?.restarts === 1);
    });

    it("holds a request back while the function starts again", async () => {
      const pid = fixture.cloud.functionPid("baton-api");
      fixture.cloud.killFunction("baton-api", "SIGKILL");
      await waitFor("the end of the process", async () => fixture.cloud.functionPid("baton-api") !== pid);
      assert.equal((await fetch(at("/again"), { method: "POST", body: "kept" })).status, 200);
    });

    it("gives a function production's variables and only the secrets it declares", async () => {
      const seen: unknown = await (await fetch(at("/environment"))).json();
      assert.ok(typeof seen === "object" && seen !== null);
      const environment = new Map(Object.entries(seen));
      assert.equal(environment.get("K_SERVICE"), "baton-api");
      assert.equal(environment.get("GCLOUD_PROJECT"), "demo-baton");
      assert.equal(environment.get("DECLARED_SECRET"), "a secret");
      assert.equal(environment.has("WEBHOOK_MASTER_SECRET"), false);
    });
  });
});
