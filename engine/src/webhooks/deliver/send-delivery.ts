import type { UrlGuard, WebhookTransport } from "../egress/ports.ts";
import { stopIfEndpointStopped } from "../endpoints/stop-deliveries.ts";
import type { WebhookLog, WebhookLogEvent } from "../log-events.ts";
import type { DeliveryStore, EndpointStore } from "../ports.ts";
import { classifyResponse, parseRetryAfter } from "../rules/classify-response.ts";
import type { Delivery, DeliveryCommand, DeliveryFailure, PostOutcome, Verdict } from "../rules/delivery.ts";
import type { Endpoint, EndpointKeys } from "../rules/endpoint.ts";
import type { OwnerSecrets } from "../rules/owner-secrets.ts";
import { type AdmissionPorts, permit } from "./admission.ts";
import { maskedHeaders, requestHeaders } from "./headers.ts";
import { type RecordHealthPorts, recordHealth } from "./record-health.ts";

/** The ports that sending needs. */
export interface SendPorts extends AdmissionPorts, RecordHealthPorts {
  endpoints: AdmissionPorts["endpoints"] & RecordHealthPorts["endpoints"] & Pick<EndpointStore, "read" | "readKeys">;
  deliveries: RecordHealthPorts["deliveries"] & Pick<DeliveryStore, "apply">;
  guard: UrlGuard;
  transport: WebhookTransport;
  ownerSecrets: Pick<OwnerSecrets, "read">;
}

/** A delivery with everything that sending it takes. */
export interface OutboundDelivery {
  delivery: Delivery;
  /** True when creating the delivery has begun its first attempt. */
  isBegun: boolean;
  url: string;
  /** Absent for a job's own URL. */
  endpoint?: Endpoint;
  /** The JSON text, signed and sent as it is. */
  body: string;
}

type Attempt = Extract<DeliveryCommand, { kind: "end" }>["attempt"];
type Made = { attempt: Attempt; outcome?: PostOutcome };

/**
 * Makes one attempt and records its outcome, or postpones it while the endpoint is paused, busy or over its rate limit.
 * Stops the delivery when its endpoint was disabled or deleted meanwhile. Answers the delivery after that; undefined
 * when another sender was first, or the delivery needs no attempt any more. At least once: after a crash between the
 * request and its record, the attempt is repeated with the same `webhook-id`. Rejects when the store is unreachable;
 * the sweep then finds the delivery by its `dueAt`.
 */
export async function sendDelivery(ports: SendPorts, outbound: OutboundDelivery): Promise<Delivery | undefined> {
  const delivery = await sendOrPostpone(ports, outbound);
  return delivery && stopIfEndpointStopped(ports, delivery);
}

async function sendOrPostpone(ports: SendPorts, outbound: OutboundDelivery): Promise<Delivery | undefined> {
  const { deliveryId, attemptCount } = outbound.delivery;
  const admission = await permit(ports, outbound);
  if (admission.outcome === "postponed") {
    const { until, hasReservedSlot } = admission;
    const number = outbound.isBegun ? { number: attemptCount } : {};
    return apply(ports, deliveryId, { kind: "postpone", until, hasReservedSlot, ...number });
  }
  let begun: Delivery | undefined;
  let made: Made | undefined;
  try {
    begun = outbound.isBegun ? outbound.delivery : await apply(ports, deliveryId, { kind: "begin" });
    if (begun?.state === "sending") made = await makeAttempt(ports, { ...outbound, delivery: begun });
  } finally {
    admission.release();
  }
  if (!begun || !made) return begun;
  return endAttempt(ports, { ...outbound, delivery: begun }, made, admission.isProbe);
}

async function apply(ports: SendPorts, deliveryId: string, command: DeliveryCommand): Promise<Delivery | undefined> {
  const answer = await ports.deliveries.apply(deliveryId, command, ports.clock.now());
  return answer.outcome === "moved" ? answer.delivery : undefined;
}

/** Judges the URL again: the rules and the hosts of the deployment may have changed since the URL was accepted. */
async function makeAttempt(ports: SendPorts, outbound: OutboundDelivery): Promise<Made> {
  const { url, body } = outbound;
  if (ports.guard.judge(url).outcome === "refused") {
    const kind = "blocked_destination";
    return { attempt: unsent(ports, kind), outcome: { outcome: "failed", kind } };
  }
  const prepared = await prepare(ports, outbound);
  if (prepared === "internal") return { attempt: unsent(ports, prepared) };
  const { at, headers } = prepared;
  const outcome = await ports.transport.post({ url, headers, body });
  const durationMs = ports.clock.now().getTime() - at.getTime();
  const response =
    outcome.outcome === "answered"
      ? { status: outcome.status, ...(outcome.excerpt !== "" && { excerpt: outcome.excerpt }) }
      : { kind: outcome.kind };
  return { attempt: { at, durationMs, ...response, requestHeaders: maskedHeaders(headers) }, outcome };
}

function unsent({ clock }: SendPorts, kind: DeliveryFailure): Attempt {
  return { at: clock.now(), durationMs: 0, kind, requestHeaders: {} };
}

/** Signs the request. A failure is retried by the schedule, which gives the operator three days to repair the keys. */
async function prepare(ports: SendPorts, outbound: OutboundDelivery) {
  const { deliveryId: id, endpointId, jobId } = outbound.delivery;
  try {
    const keys = await readKeys(ports, outbound);
    const at = ports.clock.now();
    return { at, headers: requestHeaders(keys.secrets, keys.headers, { id, at, body: outbound.body }) };
  } catch (error) {
    const fields = { event: "delivery.not-signed", deliveryId: id, jobId, endpointId, error } as const;
    ports.log.error("A webhook could not be signed.", fields);
    return "internal" as const;
  }
}

async function readKeys(ports: SendPorts, { delivery, endpoint }: OutboundDelivery): Promise<EndpointKeys> {
  const now = ports.clock.now();
  if (endpoint) return ports.endpoints.readKeys(endpoint.endpointId, now);
  const { newest, overlapping } = await ports.ownerSecrets.read(delivery.owner, now);
  return { secrets: [newest, ...overlapping], headers: {} };
}

/**
 * Records the attempt. One that was not made because of a fault in the deployment leaves the endpoint's health alone.
 */
async function endAttempt(ports: SendPorts, outbound: OutboundDelivery, { attempt, outcome }: Made, isProbe: boolean) {
  const { delivery, endpoint } = outbound;
  const verdict: Verdict = outcome ? classifyResponse(outcome) : "retry";
  const retryAfterMs =
    verdict === "retry" && outcome?.outcome === "answered"
      ? parseRetryAfter(outcome.retryAfter, ports.clock.now())
      : undefined;
  const end = { verdict, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  const ended = await apply(ports, delivery.deliveryId, {
    kind: "end",
    number: delivery.attemptCount,
    attempt,
    jitter: ports.random(),
    ...end,
  });
  logAttempt(ports.log, ended ?? delivery, attempt);
  const status = attempt.status === undefined ? {} : { status: attempt.status };
  if (endpoint && outcome) await recordHealth(ports, endpoint, { ...end, ...status, isProbe });
  return ended;
}

const EVENT_CODES: Readonly<Record<Delivery["state"], WebhookLogEvent>> = {
  succeeded: "delivery.succeeded",
  pending: "delivery.attempt-failed",
  sending: "delivery.attempt-failed",
  failed: "delivery.failed",
  held: "delivery.stopped",
  cancelled: "delivery.stopped",
};

/** Logs no URL, body or response: each of them may hold a token. */
function logAttempt(log: WebhookLog, delivery: Delivery, { durationMs, status, kind }: Attempt): void {
  const { deliveryId, jobId, endpointId, event: eventType, attemptCount: attempt, state, nextAttemptAt } = delivery;
  const about = { deliveryId, jobId, endpointId, eventType, attempt, state };
  const fields = { event: EVENT_CODES[state], ...about, durationMs, status, kind, nextAttemptAt };
  if (state === "succeeded") log.info("A webhook was delivered.", fields);
  else if (fields.event === "delivery.attempt-failed") log.warn("A webhook was not delivered yet.", fields);
  else log.warn("A webhook was given up.", fields);
}
