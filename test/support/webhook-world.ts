import assert from "node:assert/strict";
import sinon from "sinon";
import type { JobResult } from "../../engine/src/jobs/rules/job.ts";
import { type FakeClock, fakeClock } from "../../engine/src/testing/fake-clock.ts";
import { memoryAlertStore } from "../../engine/src/testing/memory-alert-store.ts";
import { memoryDeliveryStore } from "../../engine/src/testing/memory-delivery-store.ts";
import { memoryEndpointStore } from "../../engine/src/testing/memory-endpoint-store.ts";
import { memoryRateLimiter } from "../../engine/src/testing/memory-rate-limiter.ts";
import { memoryRecoveryStore } from "../../engine/src/testing/memory-recovery-store.ts";
import { type DeliveryPorts, handleDelivery } from "../../engine/src/webhooks/deliver/handle-delivery.ts";
import { inFlightLimit } from "../../engine/src/webhooks/deliver/in-flight-limit.ts";
import { notifyResult } from "../../engine/src/webhooks/deliver/notify-result.ts";
import { staggeredResume } from "../../engine/src/webhooks/deliver/staggered-resume.ts";
import { addressJudge } from "../../engine/src/webhooks/egress/address.ts";
import { webhookTransport } from "../../engine/src/webhooks/egress/http-transport.ts";
import type { WebhookTransport } from "../../engine/src/webhooks/egress/ports.ts";
import { nameResolver } from "../../engine/src/webhooks/egress/resolve-name.ts";
import { urlGuard } from "../../engine/src/webhooks/egress/url-guard.ts";
import type { Delivery, DeliveryAttempt } from "../../engine/src/webhooks/rules/delivery.ts";
import type { Endpoint } from "../../engine/src/webhooks/rules/endpoint.ts";
import { aResult } from "../unit/webhooks/results.ts";
import { anEndpoint } from "./webhooks.ts";

/** Start of every world. */
const START = new Date("2026-01-01T12:00:00.000Z");

interface WorldOptions {
  dnsServer?: string;
  deadlineMs?: number;
}

type SentRequest = Parameters<WebhookTransport["post"]>[0];

/** The secret of the world's endpoint. */
export const WORLD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/**
 * Function `notify` and function `deliver` of one deployment, on stores in memory and a clock that stands still, with
 * real sockets: 127.0.0.1 plays the only public address. `dnsServer` answers for names. No jitter.
 */
export function webhookWorld(options: WorldOptions = {}) {
  const clock = fakeClock(START);
  const deliveries = memoryDeliveryStore();
  const alerts = memoryAlertStore();
  const endpoints = memoryEndpointStore(alerts);
  const results = new Map<string, JobResult>();
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const sent: SentRequest[] = [];
  const publisher = { publishDelivery: sinon.fake.resolves(undefined) };
  const ports: DeliveryPorts = {
    ...policies(clock),
    endpoints,
    deliveries,
    alerts,
    recoveries: memoryRecoveryStore(),
    results: {
      exists: async () => true,
      readWebhookUrl: async () => undefined,
      settle: sinon.fake.resolves(undefined),
    },
    jobs: { readResult: async (jobId) => results.get(jobId) },
    publisher,
    transport: recordingTransport(sent, options),
    clock,
    log,
  };
  return {
    ports,
    clock,
    endpoints,
    deliveries,
    alerts,
    log,
    /** Requests that the transport was given, in order. */
    sent,
    publisher,
    /** Stores an endpoint of alice's that takes every event. */
    addEndpoint(url: string, given: Partial<Endpoint> = {}, headers: Record<string, string> = {}): void {
      const own = { endpointId: "endpointendpointendp", owner: "alice", url, createdAt: START, updatedAt: START };
      endpoints.put(anEndpoint({ ...own, ...given }), [WORLD_SECRET], headers);
    },
    /** A job of alice's ends, and `notify` hears of it. */
    async endJob(given: Partial<JobResult> = {}, through: DeliveryPorts = ports): Promise<void> {
      const result = aResult({ ...given, createdAt: clock.now() });
      results.set(result.jobId, result);
      await notifyResult(through, result);
    },
    /** `deliver` gets a message for the delivery. */
    deliver: (deliveryId: string) => handleDelivery(ports, { messageId: "1", attributes: { deliveryId } }),
    /** The only delivery there is, and its attempts. */
    async onlyDelivery(): Promise<Delivery & { attempts: DeliveryAttempt[] }> {
      const [delivery, ...others] = deliveries.all();
      if (!delivery || others.length > 0) throw new Error(`there are ${deliveries.all().length} deliveries`);
      return { ...delivery, attempts: await deliveries.listAttempts(delivery.deliveryId) };
    },
  };
}

/** The ports that limit, sign and permit attempts, as deployed where loopback is allowed; no short retries. */
function policies(clock: FakeClock) {
  return {
    rateLimiter: memoryRateLimiter(),
    guard: urlGuard({ allowLoopback: true, ownHosts: [] }),
    inFlight: inFlightLimit(clock),
    staggeredResume: staggeredResume(clock),
    shortRetryTimer: { publishWhenDue: async () => undefined },
    ownerSecrets: { read: async () => ({ newest: WORLD_SECRET, overlapping: [] }) },
    publicApiUrl: "https://api.example.com",
    random: () => 0,
  };
}

/** A transport that notes each request in `sent`, and reaches 127.0.0.1 as if it were public. */
function recordingTransport(sent: SentRequest[], options: WorldOptions): WebhookTransport {
  const production = addressJudge({ allowLoopback: false });
  const transport = webhookTransport({
    judgeAddress: (address) => (address === "127.0.0.1" ? "allowed" : production(address)),
    deadlineMs: options.deadlineMs ?? 5000,
    ...(options.dnsServer !== undefined && { resolve: nameResolver([options.dnsServer]) }),
  });
  return {
    post(request) {
      sent.push(request);
      return transport.post(request);
    },
  };
}

/**
 * An endpoint at `url` fails the first attempt, is tried again 5 s later with the same `webhook-id` and body once
 * `mend` was called, and succeeds.
 */
export async function failOnceThenSucceed(
  world: ReturnType<typeof webhookWorld>,
  url: string,
  mend: () => Promise<void>,
): Promise<void> {
  world.addEndpoint(url);
  await world.endJob();
  const { deliveryId, state, nextAttemptAt } = await world.onlyDelivery();
  assert.deepEqual([state, nextAttemptAt], ["pending", new Date("2026-01-01T12:00:05.000Z")]);
  await mend();
  await world.clock.advance(5000);
  await world.deliver(deliveryId);
  const again = await world.onlyDelivery();
  assert.equal(again.state, "succeeded");
  assert.deepEqual(
    world.sent.map(({ headers }) => headers["webhook-id"]),
    [deliveryId, deliveryId],
  );
  assert.deepEqual(
    world.sent.map(({ headers }) => headers["webhook-timestamp"]),
    ["1767268800", "1767268805"],
  );
  assert.equal(new Set(world.sent.map(({ body }) => body)).size, 1);
}
