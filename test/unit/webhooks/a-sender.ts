import type { DeliveryMessage } from "@baton/protocol";
import sinon from "sinon";
import type { JobResult } from "../../../engine/src/jobs/rules/job.ts";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";
import { memoryAlertStore } from "../../../engine/src/testing/memory-alert-store.ts";
import { memoryDeliveryStore } from "../../../engine/src/testing/memory-delivery-store.ts";
import { memoryEndpointStore } from "../../../engine/src/testing/memory-endpoint-store.ts";
import { memoryRateLimiter } from "../../../engine/src/testing/memory-rate-limiter.ts";
import { memoryRecoveryStore } from "../../../engine/src/testing/memory-recovery-store.ts";
import { type DeliveryPorts, handleDelivery } from "../../../engine/src/webhooks/deliver/handle-delivery.ts";
import { inFlightLimit } from "../../../engine/src/webhooks/deliver/in-flight-limit.ts";
import { shortRetryTimer } from "../../../engine/src/webhooks/deliver/short-retry-timer.ts";
import { staggeredResume } from "../../../engine/src/webhooks/deliver/staggered-resume.ts";
import type { WebhookTransport } from "../../../engine/src/webhooks/egress/ports.ts";
import { urlGuard } from "../../../engine/src/webhooks/egress/url-guard.ts";
import type { PostOutcome } from "../../../engine/src/webhooks/rules/delivery.ts";
import {
  type DueAlertsPorts,
  type DueDeliveriesPorts,
  type DueRecoveriesPorts,
  publishDueAlerts,
  publishDueDeliveries,
  publishDueRecoveries,
} from "../../../engine/src/webhooks/sweep/due-deliveries.ts";

export const OWNER_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const ENDPOINT_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
export const JOB_URL = "https://hooks.example.com/job";
export const OK: PostOutcome = { outcome: "answered", status: 200, excerpt: "" };
export const BROKEN: PostOutcome = { outcome: "answered", status: 500, excerpt: "oops" };
export const GONE: PostOutcome = { outcome: "answered", status: 410, excerpt: "" };

/** A request as the transport got it, with its time. */
export type Posted = Parameters<WebhookTransport["post"]>[0] & { at: string };

/** The answers of a URL: the outcomes in order, the last one for ever, or the outcome of the function. */
export type Answers = PostOutcome[] | (() => Promise<PostOutcome>);

/** The ports of `deliver`, and those of the sweep of deliveries. */
export type SenderPorts = DeliveryPorts & DueDeliveriesPorts & DueRecoveriesPorts & DueAlertsPorts;

/** All of webhooks in memory: real use cases, stores in memory, and a fake clock. */
export function aSender(answers: Record<string, Answers> = {}, jitter = 0) {
  const clock = fakeClock(new Date("2026-01-01T12:00:00.000Z"));
  const posted: Posted[] = [];
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const results = new Map<string, JobResult>();
  const recoveries = memoryRecoveryStore();
  const deliveries = memoryDeliveryStore();
  const alerts = memoryAlertStore();
  const subscriber: { take?: (message: DeliveryMessage) => void } = {};
  const publisher = { publishDelivery: sinon.fake(async (message: DeliveryMessage) => subscriber.take?.(message)) };
  const ports = {
    jobs: { readResult: sinon.fake(async (jobId: string) => results.get(jobId)) },
    endpoints: memoryEndpointStore(alerts),
    deliveries,
    recoveries,
    alerts,
    mail: { send: sinon.fake.resolves(undefined) },
    results: {
      exists: async () => true,
      readWebhookUrl: sinon.fake(async (_jobId: string): Promise<string | undefined> => JOB_URL),
      settle: sinon.fake(async (_jobId: string) => undefined),
    },
    rateLimiter: memoryRateLimiter(),
    publisher,
    guard: urlGuard({ allowLoopback: false, ownHosts: [] }),
    transport: { post },
    inFlight: inFlightLimit(clock),
    staggeredResume: staggeredResume(clock),
    shortRetryTimer: shortRetryTimer({ clock, publisher, log }),
    clock,
    log,
    random: () => jitter,
    ownerSecrets: { read: async () => ({ newest: OWNER_SECRET, overlapping: [] as string[] }) },
    publicApiUrl: "https://api.example.com",
  } satisfies SenderPorts;

  async function post(request: Parameters<WebhookTransport["post"]>[0]): Promise<PostOutcome> {
    posted.push({ ...request, at: clock.now().toISOString() });
    const answer = answers[request.url] ?? [OK];
    if (typeof answer === "function") return answer();
    return (answer.length > 1 ? answer.shift() : answer[0]) ?? OK;
  }

  return {
    ports,
    subscriber,
    clock,
    posted,
    log,
    keep: (result: JobResult) => void results.set(result.jobId, result),
    urls: () => posted.map(({ url }) => url),
    timesOf: (url: string) => posted.filter((one) => one.url === url).map(({ at }) => at),
    idsOf: (url: string) => posted.filter((one) => one.url === url).map(({ headers }) => headers["webhook-id"]),
    /** The one delivery to an endpoint. */
    deliveryTo: (endpointId: string) => deliveries.all().find((delivery) => delivery.endpointId === endpointId),
  };
}

/** Passes each message to `handleDelivery`, and sweeps once a minute, until `ms` have passed: a small local cloud. */
export async function letPass(sender: ReturnType<typeof aSender>, ms: number, ports: SenderPorts = sender.ports) {
  const { clock, subscriber } = sender;
  subscriber.take = (attributes) => void handleDelivery(ports, { messageId: "1", attributes });
  const endsAt = clock.now().getTime() + ms;
  while (clock.now().getTime() < endsAt) {
    const now = clock.now();
    const by = new Date(now.getTime() + 50_000);
    void publishDueDeliveries(ports, now, { by, endsAt: by });
    void publishDueRecoveries(ports, now);
    void publishDueAlerts(ports, now);
    await clock.advance(Math.min(60_000, endsAt - now.getTime()));
  }
}
