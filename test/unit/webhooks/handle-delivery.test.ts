import assert from "node:assert/strict";
import sinon from "sinon";
import { handleDelivery } from "../../../engine/src/webhooks/deliver/handle-delivery.ts";
import type { DeliveryState } from "../../../engine/src/webhooks/rules/delivery.ts";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { anAlert } from "../../support/webhooks.ts";
import { type Answers, aSender, BROKEN, ENDPOINT_SECRET, JOB_URL } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { NOON, WANTED } from "./rules/deliveries.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const URL = anEndpoint().url;
const ID = WANTED.deliveryId;

/** A sender with one endpoint, a result, and a delivery of it that is due. */
function setup(given: Parameters<typeof anEndpoint>[0] = {}, answers: Record<string, Answers> = {}) {
  const sender = aSender(answers);
  sender.ports.endpoints.put(anEndpoint(given), [ENDPOINT_SECRET]);
  sender.keep(aResult({ hasWebhookUrl: true }));
  sender.ports.deliveries.put(newDelivery(WANTED, { state: "pending", nextAttemptAt: NOON }, NOON));
  const handle = (attributes: unknown, ports: Partial<Parameters<typeof handleDelivery>[0]> = {}) =>
    sender.clock.runUntil(handleDelivery({ ...sender.ports, ...ports }, { messageId: "1", attributes }));
  const stateOf = async (deliveryId = ID) => (await sender.ports.deliveries.read(deliveryId))?.state;
  return { ...sender, handle, stateOf };
}

describe("a message of a delivery", () => {
  it("makes its next attempt", async () => {
    const { posted, handle, stateOf } = setup();
    await handle({ deliveryId: ID });
    assert.deepEqual([posted[0]?.url, posted[0]?.headers["webhook-id"]], [URL, ID]);
    assert.equal(JSON.parse(posted[0]?.body ?? "").data.jobId, "aaaaaaaaaaaaaaaaaaaa");
    assert.equal(await stateOf(), "succeeded");
  });

  it("makes one attempt when it arrives twice concurrently, or again", async () => {
    const { posted, handle } = setup();
    await Promise.all([handle({ deliveryId: ID }), handle({ deliveryId: ID })]);
    await handle({ deliveryId: ID });
    assert.equal(posted.length, 1);
  });

  it("does nothing before the time of the next attempt, nor while one is under way", async () => {
    const { posted, handle, ports } = setup();
    const nextAttemptAt = new Date("2026-01-01T12:00:00.001Z");
    for (const start of [{ state: "pending", nextAttemptAt }, { state: "sending" }] as const) {
      ports.deliveries.put(newDelivery(WANTED, start, NOON));
      await handle({ deliveryId: ID });
    }
    assert.deepEqual([posted.length, ports.jobs.readResult.callCount], [0, 0]);
  });

  it("does nothing when the delivery is gone", async () => {
    const { posted, handle, log } = setup();
    await handle({ deliveryId: "msg_ffffffffffffffffffffffffffffffff" });
    assert.deepEqual([posted.length, log.error.callCount], [0, 0]);
  });

  it("sends the stored body of an event about an endpoint", async () => {
    const { posted, handle, ports } = setup();
    const { jobId: _, jobType: __, ...about } = WANTED;
    const test = { ...about, event: "endpoint.test" as const, body: '{"type":"endpoint.test"}' };
    ports.deliveries.put(newDelivery(test, { state: "pending", nextAttemptAt: NOON }, NOON));
    await handle({ deliveryId: ID });
    assert.equal(posted[0]?.body, '{"type":"endpoint.test"}');
    assert.equal(ports.jobs.readResult.callCount, 0);
  });

  it("goes to the job's own URL", async () => {
    const { urls, handle, ports } = setup();
    ports.deliveries.put({
      ...newDelivery(WANTED, { state: "pending", nextAttemptAt: NOON }, NOON),
      endpointId: "job",
    });
    await handle({ deliveryId: ID });
    assert.deepEqual(urls(), [JOB_URL]);
  });

  const disabled = (reason: "owner" | "gone" | "failing") => ({ disabled: { reason, at: NOON } });
  const cases: [string, Parameters<typeof anEndpoint>[0], DeliveryState][] = [
    ["holds it when its endpoint is disabled", disabled("owner"), "held"],
    ["holds it when its endpoint was disabled for failing", disabled("failing"), "held"],
    ["cancels it when its endpoint answered 410", disabled("gone"), "cancelled"],
    ["cancels it when its endpoint is another owner's", { owner: "bob" }, "cancelled"],
    ["cancels it when its endpoint is gone", { endpointId: "another" }, "cancelled"],
  ];
  for (const [title, endpoint, state] of cases) {
    it(title, async () => {
      const { posted, handle, stateOf } = setup(endpoint);
      await handle({ deliveryId: ID });
      assert.deepEqual([posted.length, await stateOf()], [0, state]);
    });
  }

  it("cancels it when the job's result is gone", async () => {
    const { posted, handle, stateOf } = setup();
    await handle({ deliveryId: ID }, { jobs: { readResult: sinon.fake.resolves(undefined) } });
    assert.deepEqual([posted.length, await stateOf()], [0, "cancelled"]);
  });

  it("is acknowledged when the store is unreachable: the sweep publishes another", async () => {
    const { handle, log, ports } = setup();
    const read = sinon.fake.rejects(new Error("store unreachable"));
    await handle({ deliveryId: ID }, { deliveries: { ...ports.deliveries, read } });
    assert.equal(log.error.callCount, 1);
  });

  it("publishes the attempt after a failed first one at its time, 5 s later", async () => {
    const { handle, clock, ports } = setup({}, { [URL]: [BROKEN] });
    await handle({ deliveryId: ID });
    assert.deepEqual(ports.publisher.publishDelivery.args, [[{ deliveryId: ID }]]);
    assert.equal(clock.now().toISOString(), "2026-01-01T12:00:05.000Z");
  });
});

describe("a message of a job", () => {
  it("creates the missing deliveries, and sends them", async () => {
    const { urls, handle } = setup();
    await handle({ jobId: "aaaaaaaaaaaaaaaaaaaa" });
    assert.deepEqual(urls().sort(), [URL, JOB_URL].sort());
  });

  it("tells of the end of the job, and comes again when that fails, whatever became of the deliveries", async () => {
    const { urls, handle } = setup();
    const told: string[] = [];
    const tellsEnd = () => true;
    const events = { tellsEnd, tellEnd: async ({ jobId }: { jobId: string }) => void told.push(jobId) };
    await handle({ jobId: "aaaaaaaaaaaaaaaaaaaa" }, { events });
    assert.deepEqual(told, ["aaaaaaaaaaaaaaaaaaaa"]);
    const broken = { tellsEnd, tellEnd: sinon.fake.rejects(new Error("Pub/Sub is away")) };
    await assert.rejects(handle({ jobId: "aaaaaaaaaaaaaaaaaaaa" }, { events: broken }), /Pub\/Sub is away/);
    assert.deepEqual(urls().sort(), [URL, JOB_URL].sort());
  });

  it("is acknowledged when the job has no result", async () => {
    const { posted, handle } = setup();
    await handle({ jobId: "zzzzzzzzzzzzzzzzzzzz" });
    assert.deepEqual(posted, []);
  });

  it("is rejected when nothing could be stored, unless the sweep repeats it", async () => {
    const { keep, handle, log, ports } = setup();
    const createAll = sinon.fake.rejects(new Error("store unreachable"));
    const unreachable = { deliveries: { ...ports.deliveries, createAll } };
    await assert.rejects(handle({ jobId: "aaaaaaaaaaaaaaaaaaaa" }, unreachable), /store unreachable/);
    keep(aResult({ hasWebhookUrl: true, dueAt: NOON }));
    await handle({ jobId: "aaaaaaaaaaaaaaaaaaaa" }, unreachable);
    assert.equal(log.error.callCount, 1);
  });
});

describe("a message of an alert", () => {
  const alert = anAlert({ owner: "alice" });

  it("is sent to the owner, once", async () => {
    const { handle, ports } = setup();
    ports.alerts.put(alert);
    for (let i = 0; i < 2; i++) await handle({ alertId: alert.alertId });
    assert.deepEqual(
      ports.mail.send.args.map(([{ messageId }]) => messageId),
      [alert.alertId],
    );
    assert.equal(ports.deliveries.all().filter(({ event }) => event === "endpoint.failing").length, 1);
  });

  it("does nothing when the alert is gone", async () => {
    const { handle, log, ports } = setup();
    await handle({ alertId: alert.alertId });
    assert.deepEqual([ports.mail.send.callCount, log.error.callCount], [0, 0]);
  });

  it("is acknowledged when the store is unreachable: the sweep publishes another", async () => {
    const { handle, log, ports } = setup();
    ports.alerts.put(alert);
    const settle = sinon.fake.rejects(new Error("store unreachable"));
    await handle({ alertId: alert.alertId }, { alerts: { ...ports.alerts, settle } });
    assert.equal(log.error.callCount, 1);
  });
});

describe("any other message on webhook-deliveries", () => {
  for (const attributes of [
    undefined,
    {},
    { jobId: "../../x" },
    { jobId: 5 },
    { deliveryId: "msg_x" },
    { recoveryId: "" },
    { alertId: "../../x-disabled-1" },
  ]) {
    it(`is acknowledged and logged when its attributes are ${JSON.stringify(attributes)}`, async () => {
      const { log, posted, handle } = setup();
      await handle(attributes);
      assert.deepEqual([log.error.callCount, posted.length], [1, 0]);
    });
  }
});
