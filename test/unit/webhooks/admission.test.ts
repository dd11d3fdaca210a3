import assert from "node:assert/strict";
import { pause } from "../../../engine/src/kit/pause.ts";
import { handleDelivery } from "../../../engine/src/webhooks/deliver/handle-delivery.ts";
import { notifyResult } from "../../../engine/src/webhooks/deliver/notify-result.ts";
import type { PostOutcome } from "../../../engine/src/webhooks/rules/delivery.ts";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { type Answers, aSender, BROKEN, ENDPOINT_SECRET, JOB_URL, letPass, OK } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { NOON, WANTED } from "./rules/deliveries.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const URL = anEndpoint().url;
const jobIdOf = (index: number) => String(index).padStart(20, "j");

/** A sender with one endpoint, and a function by which the results of `count` jobs arrive concurrently. */
function setup(given: Parameters<typeof anEndpoint>[0] = {}, answers: Record<string, Answers> = {}) {
  const sender = aSender(answers);
  sender.ports.endpoints.put(anEndpoint(given), [ENDPOINT_SECRET]);
  const arrive = (count: number, result: Parameters<typeof aResult>[0] = {}) =>
    Array.from({ length: count }, (_, index) => {
      const one = aResult({ ...result, jobId: jobIdOf(index) });
      sender.keep(one);
      return notifyResult(sender.ports, one);
    });
  const states = () => {
    const all = sender.ports.deliveries.all().map(({ state }) => state);
    return Object.fromEntries(
      [...new Set(all)].sort().map((state) => [state, all.filter((one) => one === state).length]),
    );
  };
  return { ...sender, arrive, states };
}

/** Answers after `ms` of the sender's clock. */
function slow(ms: number, outcome: PostOutcome = OK) {
  const later: { sender?: ReturnType<typeof setup> } = {};
  const answer = async () => {
    if (later.sender) await pause(later.sender.clock, ms);
    return outcome;
  };
  return { later, answer };
}

describe("attempts at one endpoint", () => {
  it("are at most eight at a time in a process; the ninth waits until one of them is answered", async () => {
    const { later, answer } = slow(500);
    const sender = setup({}, { [URL]: answer });
    later.sender = sender;
    const arriving = sender.arrive(10);
    await sender.clock.advance(0);
    assert.equal(sender.posted.length, 8);
    await sender.clock.advance(500);
    assert.equal(sender.posted.length, 10);
    await sender.clock.runUntil(Promise.all(arriving));
    assert.deepEqual(sender.states(), { succeeded: 10 });
  });

  it("are postponed by 1 to 5 s, and not counted, while the endpoint hangs", async () => {
    const { later, answer } = slow(15_000, { outcome: "failed", kind: "timeout" });
    const sender = setup({}, { [URL]: answer });
    later.sender = sender;
    void sender.arrive(8);
    await sender.clock.advance(2001);
    const late = aResult({ jobId: jobIdOf(99) });
    void notifyResult(sender.ports, late);
    await sender.clock.advance(0);
    const delivery = sender.ports.deliveries.all().find(({ jobId }) => jobId === jobIdOf(99));
    assert.deepEqual([delivery?.state, delivery?.attemptCount, delivery?.tries], ["pending", 0, 0]);
    assert.deepEqual(delivery?.nextAttemptAt, new Date("2026-01-01T12:00:03.001Z"));
  });

  it("do not keep another endpoint waiting", async () => {
    const { later, answer } = slow(15_000);
    const sender = setup({}, { [URL]: answer });
    later.sender = sender;
    sender.ports.endpoints.put(anEndpoint({ endpointId: "quick", url: "https://quick.example.com/" }), [
      ENDPOINT_SECRET,
    ]);
    void sender.arrive(100);
    await sender.clock.advance(0);
    assert.equal(sender.timesOf("https://quick.example.com/").length, 100);
  });

  it("of one owner's jobs do not keep another owner's waiting at the same host", async () => {
    const { later, answer } = slow(15_000);
    const sender = setup({}, { [JOB_URL]: answer });
    later.sender = sender;
    void sender.arrive(20, { hasWebhookUrl: true });
    void notifyResult(sender.ports, aResult({ jobId: jobIdOf(50), owner: "bob", hasWebhookUrl: true }));
    await sender.clock.advance(0);
    assert.equal(sender.timesOf(JOB_URL).length, 9);
  });
});

describe("attempts after a pause", () => {
  it("begin with one probe; once it succeeded, the others follow", async () => {
    const { later, answer } = slow(1000);
    const pausedUntil = new Date("2026-01-01T12:00:30.000Z");
    const health = { failures: 5, failingSince: NOON, alertedPercent: 0, pausedUntil, pausedBy: "breaker" as const };
    const sender = setup({ health }, { [URL]: answer });
    later.sender = sender;
    void sender.arrive(5);
    await letPass(sender, 30_900);
    assert.deepEqual(sender.timesOf(URL), ["2026-01-01T12:00:30.000Z"]);
    await letPass(sender, 120_000);
    assert.deepEqual(sender.states(), { succeeded: 5 });
    assert.deepEqual((await sender.ports.endpoints.read("endpoint1"))?.health, { failures: 0, alertedPercent: 0 });
  });

  it("stop again when the probe failed", async () => {
    const pausedUntil = new Date("2026-01-01T12:00:30.000Z");
    const health = { failures: 5, failingSince: NOON, alertedPercent: 0, pausedUntil, pausedBy: "breaker" as const };
    const sender = setup({ health }, { [URL]: [BROKEN] });
    void sender.arrive(5);
    await letPass(sender, 80_000);
    assert.equal(sender.posted.length, 1);
    const { health: after } = (await sender.ports.endpoints.read("endpoint1")) ?? {};
    assert.deepEqual([after?.failures, after?.pausedUntil], [6, new Date("2026-01-01T12:01:30.000Z")]);
  });

  it("wait for as long as the endpoint asked, for all its events", async () => {
    const busy: PostOutcome = { outcome: "answered", status: 429, excerpt: "", retryAfter: "120" };
    const sender = setup({}, { [URL]: [busy, OK] });
    void sender.arrive(1);
    await sender.clock.advance(1000);
    void notifyResult(sender.ports, aResult({ jobId: jobIdOf(7) }));
    sender.keep(aResult({ jobId: jobIdOf(7) }));
    await letPass(sender, 118_000);
    assert.equal(sender.posted.length, 1);
    await letPass(sender, 120_000);
    assert.deepEqual(sender.states(), { succeeded: 2 });
    assert.ok((sender.posted[1]?.at ?? "") >= "2026-01-01T12:02:00.000Z");
  });
});

describe("attempts at an endpoint with a rate limit", () => {
  it("are no faster than the limit", async () => {
    const sender = setup({ rateLimit: 2 });
    void sender.arrive(20);
    await letPass(sender, 180_000);
    const times = sender.posted.map(({ at }) => Date.parse(at)).sort((one, other) => one - other);
    assert.equal(times.length, 20);
    for (const [index, time] of times.entries()) {
      const withinASecond = times.filter((other) => other >= time && other < time + 1000).length;
      assert.ok(withinASecond <= 3, `${withinASecond} attempts within a second of number ${index}`);
    }
    assert.deepEqual(sender.states(), { succeeded: 20 });
  });

  it("reserve a new slot when the reserved one is long past", async () => {
    const sender = setup({ rateLimit: 1 });
    await sender.ports.rateLimiter.reserve("endpoint1", 1, new Date("2026-01-01T12:00:09.000Z"));
    const delivery = newDelivery(WANTED, { state: "pending", nextAttemptAt: NOON }, NOON);
    sender.ports.deliveries.put({ ...delivery, hasReservedSlot: true });
    sender.keep(aResult());
    await sender.clock.advance(2001);
    await handleDelivery(sender.ports, { messageId: "1", attributes: { deliveryId: WANTED.deliveryId } });
    assert.deepEqual(sender.deliveryTo("endpoint1")?.nextAttemptAt, new Date("2026-01-01T12:00:10.000Z"));
  });
});
