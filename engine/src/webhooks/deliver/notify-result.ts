import type { ResultStore } from "../../jobs/ports.ts";
import type { JobResult } from "../../jobs/rules/job.ts";
import { stopIfEndpointStopped } from "../endpoints/stop-deliveries.ts";
import type { EndpointStore } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import { beginsHeld, deliveryPolicy } from "../rules/delivery-policy.ts";
import { type Endpoint, JOB_ENDPOINT } from "../rules/endpoint.ts";
import { wants } from "../rules/filter.ts";
import { newDelivery, type Start } from "../rules/move-delivery.ts";
import { webhookId } from "../signing/webhook-id.ts";
import { eventBody, resultEvent } from "./result-event.ts";
import { type OutboundDelivery, type SendPorts, sendDelivery } from "./send-delivery.ts";
import type { ShortRetryTimer } from "./short-retry-timer.ts";

/** The ports that `notifyResult` needs. */
export interface NotifyPorts extends SendPorts {
  endpoints: SendPorts["endpoints"] & Pick<EndpointStore, "listOf">;
  results: Omit<ResultStore, "takeDue">;
  shortRetryTimer: ShortRetryTimer;
  /** Base URL of the API, without a trailing slash, for the links in events. */
  publicApiUrl: string;
}

/**
 * Creates one delivery for the job's `webhookUrl` and one for every endpoint of its owner that wants the event, in one
 * commit. Then makes the first attempts at once, in parallel; each delivery has its own schedule after that. Creates
 * none for an erased result. Idempotent: deliveries that exist are left to the call that created them, or to the sweep.
 * An attempt that could not be recorded is logged, and the sweep finds its delivery. Rejects when the subscribers could
 * not be read or the deliveries could not be stored.
 */
export async function notifyResult(ports: NotifyPorts, result: JobResult): Promise<void> {
  const outbound = await listOutbound(ports, result);
  if (outbound.length === 0) {
    // Only a result with a `dueAt` asks for a second look.
    if (result.dueAt) await ports.results.settle(result.jobId);
    return;
  }
  // The result may have been erased since this event was sent.
  if (!(await ports.results.exists(result.jobId))) return;
  const deliveries = outbound.map(({ delivery }) => delivery);
  const created = await ports.deliveries.createAll(deliveries, result.dueAt && result.jobId);
  await Promise.all(outbound.map((one, index) => created[index] && firstAttempt(ports, one)));
}

async function listOutbound(ports: NotifyPorts, result: JobResult): Promise<OutboundDelivery[]> {
  const { jobId, owner, type: jobType, expireAt } = result;
  const [endpoints, webhookUrl] = await Promise.all([
    ports.endpoints.listOf(owner),
    result.hasWebhookUrl && ports.results.readWebhookUrl(jobId),
  ]);
  const event = resultEvent(result, ports.publicApiUrl);
  const body = eventBody(event);
  const now = ports.clock.now();
  const about = { owner, event: event.type, jobId, jobType, expireAt };
  const outbound = (endpointId: string, url: string, start: Start, endpoint?: Endpoint): OutboundDelivery => {
    const deliveryId = webhookId(jobId, event.type, endpointId);
    const delivery = newDelivery({ ...about, deliveryId, endpointId }, start, now);
    return { delivery, isBegun: start.state === "sending", url, body, ...(endpoint && { endpoint }) };
  };
  const toEndpoints = endpoints
    .filter((endpoint) => wants(endpoint, event.type, jobType))
    .map((endpoint) => outbound(endpoint.endpointId, endpoint.url, startOf(ports, endpoint, now), endpoint));
  if (webhookUrl === undefined) return toEndpoints;
  return [outbound(JOB_ENDPOINT, webhookUrl, { state: "sending" }), ...toEndpoints];
}

/** Begins the first attempt with the delivery itself, unless the endpoint is disabled or paused. */
function startOf({ staggeredResume }: NotifyPorts, endpoint: Endpoint, now: Date): Start {
  if (beginsHeld(endpoint)) return { state: "held" };
  const policy = deliveryPolicy(endpoint, now);
  if (policy.action !== "postpone") return { state: "sending" };
  return { state: "pending", nextAttemptAt: staggeredResume.resumeAtAfter(endpoint.endpointId, policy.until) };
}

async function firstAttempt(ports: NotifyPorts, outbound: OutboundDelivery): Promise<void> {
  const { delivery, isBegun, url } = outbound;
  const after = isBegun ? await trySending(ports, outbound) : await stopIfEndpointStopped(ports, delivery);
  await ports.shortRetryTimer.publishWhenDue(after, url);
}

async function trySending(ports: NotifyPorts, outbound: OutboundDelivery): Promise<Delivery | undefined> {
  try {
    return await sendDelivery(ports, outbound);
  } catch (error) {
    const { deliveryId, jobId, endpointId } = outbound.delivery;
    const fields = { event: "delivery.attempt-not-recorded", deliveryId, jobId, endpointId, error } as const;
    ports.log.error("An attempt of a delivery was not recorded. The sweep repeats the attempt.", fields);
    return undefined;
  }
}
