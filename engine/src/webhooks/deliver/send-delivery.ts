import type { Log } from "../../kit/ports.ts";
import { stopIfEndpointStopped } from "../endpoints/stop-deliveries.ts";
import type { DeliveryStore, EndpointStore, UrlGuard, WebhookTransport } from "../ports.ts";
import { judgeOutcome, parseRetryAfter } from "../rules/classify-response.ts";
import type { Delivery, DeliveryEvent, DeliveryFailure, PostOutcome, Verdict } from "../rules/delivery.ts";
import type { Endpoint, EndpointKeys } from "../rules/endpoint.ts";
import type { OwnerSecrets } from "../rules/owner-secrets.ts";
import { type AdmitPorts, admit } from "./admission.ts";
import { maskedHeaders, requestHeaders } from "./headers.ts";
import { type NoteHealthPorts, noteHealth } from "./record-health.ts";

/** What sending needs. */
export interface SendPorts extends AdmitPorts, NoteHealthPorts {
  endpoints: AdmitPorts["endpoints"] & NoteHealthPorts["endpoints"] & Pick<EndpointStore, "read" | "readKeys">;
  deliveries: DeliveryStore;
  guard: UrlGuard;
  transport: WebhookTransport;
  ownerSecrets: Pick<OwnerSecrets, "read">;
}

/** One delivery on its way. */
export interface Dispatch {
  delivery: Delivery;
  /** True when the attempt of `delivery` was begun by its creation. */
  isBegun: boolean;
  url: string;
  /** Absent for a job's own URL. */
  endpoint?: Endpoint;
  /** The JSON text, signed and sent as it is. */
  body: string;
}

type Attempt = Extract<DeliveryEvent, { kind: "end" }>["attempt"];
type Made = { attempt: Attempt; outcome?: PostOutcome };

/**
 * Makes one attempt and records what came of it, or postpones it when the endpoint is paused, busy or out of its rate. A delivery whose
 * endpoint was stopped meanwhile does not wait for a next attempt. Answers the delivery as it is then; undefined when another sender
 * was first, or it needs sending no more. A process that dies after
 * the request and before the record sends again, with the same `webhook-id`. Rejects when the store is unreachable: the delivery's
 * `dueAt` then brings it back.
 */
export async function sendDelivery(ports: SendPorts, dispatch: Dispatch): Promise<Delivery | undefined> {
  const delivery = await sendOrPostpone(ports, dispatch);
  return delivery && stopIfEndpointStopped(ports, delivery);
}

async function sendOrPostpone(ports: SendPorts, dispatch: Dispatch): Promise<Delivery | undefined> {
  const { deliveryId, attemptCount } = dispatch.delivery;
  const admission = await admit(ports, dispatch);
  if (admission.outcome === "postponed") {
    const { until, isPaced } = admission;
    const number = dispatch.isBegun ? { number: attemptCount } : {};
    return apply(ports, deliveryId, { kind: "postpone", until, isPaced, ...number });
  }
  let begun: Delivery | undefined;
  let made: Made | undefined;
  try {
    begun = dispatch.isBegun ? dispatch.delivery : await apply(ports, deliveryId, { kind: "begin" });
    if (begun?.state === "sending") made = await makeAttempt(ports, { ...dispatch, delivery: begun });
  } finally {
    admission.leave();
  }
  if (!begun || !made) return begun;
  return endAttempt(ports, { ...dispatch, delivery: begun }, made, admission.isProbe);
}

async function apply(ports: SendPorts, deliveryId: string, event: DeliveryEvent): Promise<Delivery | undefined> {
  const answer = await ports.deliveries.apply(deliveryId, event, ports.clock.now());
  return answer.outcome === "moved" ? answer.delivery : undefined;
}

/** The URL is judged again at every send: rules and the deployment's hosts change after a URL was accepted. */
async function makeAttempt(ports: SendPorts, dispatch: Dispatch): Promise<Made> {
  const { url, body } = dispatch;
  if (ports.guard.judge(url).outcome === "refused") {
    const kind = "blocked_destination";
    return { attempt: unsent(ports, kind), outcome: { outcome: "failed", kind } };
  }
  const prepared = await prepare(ports, dispatch);
  if (prepared === "internal") return { attempt: unsent(ports, prepared) };
  const { at, headers } = prepared;
  const outcome = await ports.transport.post({ url, headers, body });
  const durationMs = ports.clock.now().getTime() - at.getTime();
  const came =
    outcome.outcome === "answered"
      ? { status: outcome.status, ...(outcome.excerpt !== "" && { excerpt: outcome.excerpt }) }
      : { kind: outcome.kind };
  return { attempt: { at, durationMs, ...came, requestHeaders: maskedHeaders(headers) }, outcome };
}

function unsent({ clock }: SendPorts, kind: DeliveryFailure): Attempt {
  return { at: clock.now(), durationMs: 0, kind, requestHeaders: {} };
}

/** What cannot be signed is tried again by the schedule: whoever runs the deployment has three days to mend it, and the log says what. */
async function prepare(ports: SendPorts, dispatch: Dispatch) {
  const { deliveryId: id, endpointId, jobId } = dispatch.delivery;
  try {
    const keys = await readKeys(ports, dispatch);
    const at = ports.clock.now();
    return { at, headers: requestHeaders(keys.secrets, keys.headers, { id, at, body: dispatch.body }) };
  } catch (error) {
    ports.log.error("A webhook could not be signed.", { deliveryId: id, jobId, endpointId, error });
    return "internal" as const;
  }
}

async function readKeys(ports: SendPorts, { delivery, endpoint }: Dispatch): Promise<EndpointKeys> {
  const now = ports.clock.now();
  if (endpoint) return ports.endpoints.readKeys(endpoint.endpointId, now);
  const { newest, overlapping } = await ports.ownerSecrets.read(delivery.owner, now);
  return { secrets: [newest, ...overlapping], headers: {} };
}

/** An attempt that was not made for a fault of ours says nothing of the endpoint. */
async function endAttempt(ports: SendPorts, dispatch: Dispatch, { attempt, outcome }: Made, isProbe: boolean) {
  const { delivery, endpoint } = dispatch;
  const verdict: Verdict = outcome ? judgeOutcome(outcome) : "retry";
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
  if (endpoint && outcome) await noteHealth(ports, endpoint, { ...end, ...status, isProbe });
  return ended;
}

/** The URL stays out of the log: its path or query may hold a token; so does what was sent and answered. */
function logAttempt(log: Log, delivery: Delivery, { durationMs, status, kind }: Attempt): void {
  const { deliveryId, jobId, endpointId, event, attemptCount: attempt, state, nextAttemptAt } = delivery;
  const fields = { deliveryId, jobId, endpointId, event, attempt, state, durationMs, status, kind, nextAttemptAt };
  if (state === "succeeded") log.info("webhook delivered", fields);
  else log.warn(state === "pending" ? "webhook not delivered yet" : "webhook given up", fields);
}
