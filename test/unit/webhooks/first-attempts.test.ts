import assert from "node:assert/strict";
import sinon from "sinon";
import { aNotifier } from "./a-notifier.ts";
import { BROKEN, GONE, JOB_URL } from "./a-sender.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const URL = anEndpoint().url;
const DUE_AT = new Date("2026-01-01T12:01:00.000Z");

describe("the first attempts", () => {
  it("disables an endpoint that answers 410, cancels its pending deliveries, and alerts its owner", async () => {
    const { ports, urls, notify, deliveryTo, log } = aNotifier({
      answers: { [URL]: [BROKEN, GONE] },
      endpoints: [anEndpoint(), anEndpoint({ endpointId: "other", url: "https://other.example.com/" })],
    });
    await notify({ jobId: "bbbbbbbbbbbbbbbbbbbb" });
    await notify();
    assert.equal((await ports.endpoints.read("endpoint1"))?.disabled?.reason, "gone");
    const states = ports.deliveries.all().filter(({ endpointId }) => endpointId === "endpoint1");
    assert.deepEqual(
      states.map(({ state }) => state),
      ["cancelled", "cancelled"],
    );
    assert.deepEqual([ports.alerts.given[0]?.kind, ports.alerts.given[0]?.dueAt], ["disabled", undefined]);
    assert.equal(ports.mail.send.callCount, 1);
    const fields = { event: "endpoint.disabled", endpointId: "endpoint1", owner: "alice", reason: "gone" };
    assert.deepEqual(log.warn.lastCall.args, ["A webhook endpoint was disabled.", fields]);
    await notify({ jobId: "cccccccccccccccccccc" });
    assert.equal(urls().filter((url) => url === URL).length, 2);
    assert.equal(deliveryTo("other")?.state, "succeeded");
  });

  it("does not count the answer of an old URL against the new one", async () => {
    const answer = async () => {
      await sender.ports.endpoints.change("endpoint1", { url: "https://new.example.com/" }, DUE_AT);
      return GONE;
    };
    const sender = aNotifier({ answers: { [URL]: answer } });
    await sender.notify();
    assert.equal((await sender.ports.endpoints.read("endpoint1"))?.disabled, undefined);
    assert.equal(sender.deliveryTo("endpoint1")?.state, "cancelled");
  });

  it("cancels the delivery when the job's webhookUrl answers 410", async () => {
    const { notify, deliveryTo } = aNotifier({ answers: { [JOB_URL]: [GONE] }, endpoints: [] });
    await notify({ hasWebhookUrl: true });
    assert.equal(deliveryTo("job")?.state, "cancelled");
  });

  it("never posts to a URL the guard refuses, and does not try again", async () => {
    const { posted, notify, deliveryTo, ports } = aNotifier({
      endpoints: [anEndpoint({ url: "https://169.254.169.254/" })],
    });
    const results = {
      ...ports.results,
      readWebhookUrl: sinon.fake(async (_jobId: string) => "http://127.0.0.1:8080/"),
    };
    await notify({ hasWebhookUrl: true }, { results });
    assert.deepEqual(posted, []);
    for (const endpointId of ["endpoint1", "job"]) {
      const delivery = deliveryTo(endpointId);
      assert.deepEqual([delivery?.state, delivery?.last?.kind], ["failed", "blocked_destination"]);
    }
    assert.equal((await ports.endpoints.read("endpoint1"))?.health.failures, 1);
  });

  it("sends to the endpoints without a master secret, logs the lack, and tries the job's URL again later", async () => {
    const { urls, log, notify, deliveryTo } = aNotifier();
    const read = sinon.fake.rejects(new Error("WEBHOOK_MASTER_SECRET has 0 characters"));
    await notify({ hasWebhookUrl: true }, { ownerSecrets: { read } });
    assert.deepEqual(urls(), [URL]);
    const [message, fields] = log.error.firstCall.args;
    assert.deepEqual([message, fields?.event], ["A webhook could not be signed.", "delivery.not-signed"]);
    assert.match(String(fields?.error), /WEBHOOK_MASTER_SECRET has 0/);
    const delivery = deliveryTo("job");
    assert.deepEqual([delivery?.state, delivery?.last?.kind, delivery?.attemptCount], ["pending", "internal", 1]);
  });

  it("does not count unreadable keys against the endpoint", async () => {
    const { ports, notify, deliveryTo } = aNotifier();
    const readKeys = sinon.fake.rejects(new Error("the key is unknown"));
    await notify({}, { endpoints: { ...ports.endpoints, readKeys } });
    assert.deepEqual([deliveryTo("endpoint1")?.state, deliveryTo("endpoint1")?.last?.kind], ["pending", "internal"]);
    assert.equal((await ports.endpoints.read("endpoint1"))?.health.failures, 0);
  });

  it("logs no URL, secret or payload", async () => {
    const { log, notify } = aNotifier({ answers: { [URL]: [BROKEN] } });
    await notify();
    assert.equal(log.warn.callCount, 1);
    assert.doesNotMatch(JSON.stringify(log.warn.args), /t0ken|hooks\.example|whsec_|answer|oops/);
  });
});
