import assert from "node:assert/strict";
import { notifyResult } from "../../../engine/src/webhooks/deliver/notify-result.ts";
import { aSender, BROKEN, ENDPOINT_SECRET, JOB_URL, letPass, OK } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const HOUR = 3_600_000;
const URL = anEndpoint().url;

describe("the whole schedule, on a fake clock", () => {
  it("makes ten attempts in 75 hours, all with one id, and then gives up", async () => {
    const sender = aSender({ [JOB_URL]: [BROKEN] });
    const result = aResult({ hasWebhookUrl: true });
    sender.keep(result);
    const first = notifyResult(sender.ports, result);
    await letPass(sender, 100 * HOUR);
    await first;
    assert.deepEqual(sender.timesOf(JOB_URL), [
      "2026-01-01T12:00:00.000Z",
      "2026-01-01T12:00:05.000Z",
      "2026-01-01T12:05:05.000Z",
      "2026-01-01T12:35:05.000Z",
      "2026-01-01T14:35:05.000Z",
      "2026-01-01T19:35:05.000Z",
      "2026-01-02T05:35:05.000Z",
      "2026-01-02T19:35:05.000Z",
      "2026-01-03T15:35:05.000Z",
      "2026-01-04T15:35:05.000Z",
    ]);
    assert.equal(new Set(sender.idsOf(JOB_URL)).size, 1);
    const delivery = sender.deliveryTo("job");
    assert.deepEqual([delivery?.state, delivery?.attemptCount, delivery?.dueAt], ["failed", 10, undefined]);
    const attempts = await sender.ports.deliveries.listAttempts(delivery?.deliveryId ?? "");
    assert.deepEqual(
      attempts.map(({ number, status }) => [number, status]),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) => [number, 500]),
    );
  });

  it("waits longer by jitter, for an endpoint too, and alerts its owner on the way", async () => {
    const sender = aSender({ [URL]: [BROKEN] }, 0.5);
    sender.ports.endpoints.put(anEndpoint(), [ENDPOINT_SECRET]);
    const result = aResult();
    sender.keep(result);
    const first = notifyResult(sender.ports, result);
    await letPass(sender, 100 * HOUR);
    await first;
    assert.deepEqual(sender.timesOf(URL), [
      "2026-01-01T12:00:00.000Z",
      "2026-01-01T12:00:05.500Z",
      "2026-01-01T12:05:35.500Z",
      "2026-01-01T12:38:35.500Z",
      "2026-01-01T14:50:35.500Z",
      "2026-01-01T20:20:35.500Z",
      "2026-01-02T07:20:35.500Z",
      "2026-01-02T22:44:35.500Z",
      "2026-01-03T20:44:35.500Z",
      "2026-01-04T23:08:35.500Z",
    ]);
    assert.deepEqual(
      sender.ports.alerts.given.map(({ kind, percent, createdAt }) => [kind, percent, createdAt.toISOString()]),
      [["failing", 50, "2026-01-04T23:08:35.500Z"]],
    );
    assert.equal(sender.ports.mail.send.callCount, 1);
  });

  it("stops at the first success", async () => {
    const sender = aSender({ [JOB_URL]: [BROKEN, BROKEN, OK] });
    const result = aResult({ hasWebhookUrl: true });
    sender.keep(result);
    const first = notifyResult(sender.ports, result);
    await letPass(sender, 10 * HOUR);
    await first;
    assert.deepEqual(sender.timesOf(JOB_URL), [
      "2026-01-01T12:00:00.000Z",
      "2026-01-01T12:00:05.000Z",
      "2026-01-01T12:05:05.000Z",
    ]);
    assert.equal(sender.deliveryTo("job")?.state, "succeeded");
  });

  it("sends the same id again when a process died between the request and its record", async () => {
    const sender = aSender();
    const result = aResult({ hasWebhookUrl: true });
    sender.keep(result);
    const { deliveries } = sender.ports;
    const apply: typeof deliveries.apply = async () => {
      throw new Error("the process died");
    };
    await notifyResult({ ...sender.ports, deliveries: { ...deliveries, apply } }, result);
    assert.equal(sender.deliveryTo("job")?.state, "sending");
    await letPass(sender, HOUR);
    assert.deepEqual(sender.timesOf(JOB_URL), ["2026-01-01T12:00:00.000Z", "2026-01-01T12:01:00.000Z"]);
    assert.equal(new Set(sender.idsOf(JOB_URL)).size, 1);
    assert.deepEqual([sender.deliveryTo("job")?.state, sender.deliveryTo("job")?.attemptCount], ["succeeded", 2]);
  });
});
