import assert from "node:assert/strict";
import { EndpointEvent } from "@baton/protocol";
import sinon from "sinon";
import { notifyResult } from "../../../engine/src/webhooks/deliver/notify-result.ts";
import { sendAlert } from "../../../engine/src/webhooks/deliver/send-alert.ts";
import { alertOf } from "../../../engine/src/webhooks/rules/health-alerts.ts";
import { aSender, BROKEN, ENDPOINT_SECRET, GONE, letPass, OK } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { at, NOON } from "./rules/deliveries.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const HOUR = 3_600_000;
const OTHER_URL = "https://other.example.com/";
const endpoint = anEndpoint({ health: { failures: 9, failingSince: NOON, alertedPercent: 50 } });

/** An owner with a failing endpoint and others, and an alert that is due. */
function setup() {
  const sender = aSender();
  sender.ports.endpoints.put(endpoint, [ENDPOINT_SECRET]);
  sender.ports.endpoints.put(anEndpoint({ endpointId: "other", url: OTHER_URL }), [ENDPOINT_SECRET]);
  sender.ports.endpoints.put(anEndpoint({ endpointId: "jobs", events: ["job.failed"] }), [ENDPOINT_SECRET]);
  sender.ports.endpoints.put(anEndpoint({ endpointId: "bob", owner: "bob" }), [ENDPOINT_SECRET]);
  const before = anEndpoint({ health: { failures: 8, failingSince: NOON, alertedPercent: 0 } });
  const alert = alertOf(before, endpoint, NOON);
  assert.ok(alert);
  sender.ports.alerts.put(alert);
  const isDue = () => sender.ports.alerts.given[0]?.dueAt !== undefined;
  return { ...sender, alert, isDue };
}

describe("sendAlert", () => {
  it("sends a mail and an event to the owner's other endpoints that want it, and settles the alert", async () => {
    const { alert, isDue, ...sender } = setup();
    await sendAlert(sender.ports, alert);
    const [mail] = sender.ports.mail.send.firstCall.args;
    assert.deepEqual(
      [mail.messageId, mail.owner, mail.subject],
      ["endpoint1-failing-50-1767268800000", "alice", "A webhook endpoint is failing"],
    );
    assert.equal(isDue(), false);
    await letPass(sender, 1000);
    assert.deepEqual(sender.urls(), [OTHER_URL]);
    assert.deepEqual(EndpointEvent.parse(JSON.parse(sender.posted[0]?.body ?? "")), {
      type: "endpoint.failing",
      timestamp: "2026-01-01T12:00:00.000Z",
      data: {
        endpointId: "endpoint1",
        message: alert.message,
        percent: 50,
        failingSince: "2026-01-01T12:00:00.000Z",
      },
    });
  });

  it("sends the same alert once", async () => {
    const { alert, ...sender } = setup();
    await sendAlert(sender.ports, alert);
    await letPass(sender, 5000);
    await sendAlert(sender.ports, alert);
    await letPass(sender, 1000);
    assert.equal(new Set(sender.ports.mail.send.args.map(([{ messageId }]) => messageId)).size, 1);
    assert.equal(sender.urls().length, 1);
  });

  it("uses the other channel when one fails, and leaves the alert due until both succeed", async () => {
    const { alert, isDue, ...sender } = setup();
    const send = sinon.fake.rejects(new Error("no mail"));
    await sendAlert({ ...sender.ports, mail: { send } }, alert);
    assert.deepEqual([sender.ports.deliveries.all().length, isDue()], [1, true]);
    const createAll = sinon.fake.rejects(new Error("no store"));
    await sendAlert({ ...sender.ports, deliveries: { ...sender.ports.deliveries, createAll } }, alert);
    assert.deepEqual([sender.ports.mail.send.callCount, isDue()], [1, true]);
    assert.equal(sender.log.error.callCount, 2);
    await sendAlert(sender.ports, alert);
    assert.deepEqual([sender.ports.deliveries.all().length, isDue()], [1, false]);
  });

  it("gives an alert up that could not be sent for a day", async () => {
    const { alert, isDue, ...sender } = setup();
    const ports = { ...sender.ports, mail: { send: sinon.fake.rejects(new Error("no mail")) } };
    await sender.clock.advance(24 * HOUR - 1);
    await sendAlert(ports, alert);
    assert.equal(isDue(), true);
    await sender.clock.advance(1);
    await sendAlert(ports, alert);
    assert.equal(isDue(), false);
    assert.match(sender.log.error.lastCall.args[0], /given up/);
    assert.deepEqual(
      sender.log.error.args.map(([, fields]) => fields.event),
      ["alert.not-sent", "alert.given-up"],
    );
  });

  it("sends no mail where there is none to send with", async () => {
    const { alert, isDue, ...sender } = setup();
    const { mail: _, ...ports } = sender.ports;
    await sendAlert(ports, alert);
    assert.deepEqual([ports.deliveries.all().length, isDue()], [1, false]);
  });

  it("is called at 50, 70, 90 and 100 % of five days of failures, after which events are held", async () => {
    const sender = aSender({ [endpoint.url]: [BROKEN] });
    sender.ports.endpoints.put(anEndpoint(), [ENDPOINT_SECRET]);
    for (let day = 0; day < 6; day++) {
      const result = aResult({ jobId: String(day).padStart(20, "d") });
      sender.keep(result);
      void notifyResult(sender.ports, result);
      await letPass(sender, 24 * HOUR);
    }
    assert.deepEqual(
      sender.ports.alerts.given.map(({ kind, percent }) => [kind, percent]),
      [
        ["failing", 50],
        ["failing", 70],
        ["failing", 90],
        ["disabled", undefined],
      ],
    );
    assert.equal((await sender.ports.endpoints.read("endpoint1"))?.disabled?.reason, "failing");
    const states = new Set(sender.ports.deliveries.all().map(({ state }) => state));
    assert.deepEqual([...states].sort(), ["failed", "held"]);
  });
});

describe("a process that dies after it has written an endpoint's health", () => {
  const failing = { failures: 2, failingSince: at(-70 * HOUR), failedMs: 70 * HOUR, alertedPercent: 0 };
  const cases = [
    ["failing", failing, BROKEN, "A webhook endpoint is failing"],
    ["disabled", { failures: 0, alertedPercent: 0 }, GONE, "A webhook endpoint was disabled"],
    ["recovered", { ...failing, alertedPercent: 50 }, OK, "A webhook endpoint works again"],
  ] as const;
  for (const [kind, health, answer, subject] of cases) {
    it(`leaves an alert that the sweep sends, once: ${kind}`, async () => {
      const sender = aSender({ [endpoint.url]: [answer] });
      const { endpoints, mail, alerts } = sender.ports;
      endpoints.put(anEndpoint({ health }), [ENDPOINT_SECRET]);
      endpoints.put(anEndpoint({ endpointId: "other", url: OTHER_URL, events: [`endpoint.${kind}`] }), [
        ENDPOINT_SECRET,
      ]);
      const changeHealth: typeof endpoints.changeHealth = async (...change) => {
        await endpoints.changeHealth(...change);
        throw new Error("the process died");
      };
      const result = aResult();
      sender.keep(result);
      void notifyResult({ ...sender.ports, endpoints: { ...endpoints, changeHealth } }, result);
      await sender.clock.advance(1000);
      assert.deepEqual([alerts.given[0]?.kind, alerts.given[0]?.dueAt], [kind, at(60_000)]);
      assert.deepEqual([mail.send.callCount, sender.timesOf(OTHER_URL)], [0, []]);

      await letPass(sender, HOUR);
      assert.deepEqual(sender.timesOf(OTHER_URL), ["2026-01-01T12:01:01.000Z"]);
      const sent = sender.posted.find(({ url }) => url === OTHER_URL);
      assert.equal(JSON.parse(sent?.body ?? "").type, `endpoint.${kind}`);
      assert.deepEqual(
        mail.send.args.map(([{ owner, subject: mailed }]) => [owner, mailed]),
        [["alice", subject]],
      );
      assert.deepEqual([alerts.given.length, alerts.given[0]?.dueAt], [1, undefined]);
    });
  }
});
