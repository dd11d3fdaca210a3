import {
  type Delivery,
  type DeliveryAttempt,
  type DeliveryState,
  isRetried,
  judgeOutcome,
  type NewDelivery,
  type PostOutcome,
  type Verdict,
} from "../core/delivery.ts";
import type { Clock, DeliveryStore, EndpointStore, Log, UrlGuard, WebhookTransport } from "../core/ports.ts";
import { signatureHeaders } from "./sign.ts";

/** The endpoint id of a job's own `webhookUrl`; endpoints that have a document have random ids. */
export const JOB_ENDPOINT = "job";

/** What sending needs. */
export interface DeliverPorts {
  endpoints: EndpointStore;
  deliveries: DeliveryStore;
  guard: UrlGuard;
  transport: WebhookTransport;
  clock: Clock;
  log: Log;
}

/** One event for one address. */
export interface Dispatch {
  delivery: NewDelivery;
  url: string;
  /** The live secrets, newest first. */
  secrets: readonly string[];
  /** The JSON text, signed and sent as it is. */
  body: string;
  /** When the job ended; a day after that nothing is tried again. */
  endedAt: Date;
}

/**
 * Makes one attempt, unless the delivery is done already or another sender is at it, and remembers what came of it.
 * Answers `settled` when nothing is left to do, `unsettled` when another attempt is wanted. A process that dies after the
 * request and before the note sends again, with the same `webhook-id`.
 */
export async function deliverEvent(ports: DeliverPorts, dispatch: Dispatch): Promise<"settled" | "unsettled"> {
  const { delivery } = dispatch;
  const at = ports.clock.now();
  const message = { id: delivery.deliveryId, at, body: dispatch.body };
  const headers = { "content-type": "application/json", ...signatureHeaders(dispatch.secrets, message) };
  const beginning = await ports.deliveries.begin(delivery, at);
  if (beginning.outcome === "done") return "settled";
  if (beginning.outcome === "busy") return "unsettled";

  const outcome = await post(ports, dispatch, headers);
  const now = ports.clock.now();
  const verdict = judgeOutcome(outcome);
  const state = stateAfter(verdict, dispatch.endedAt, now);
  const came = outcome.outcome === "answered" ? { status: outcome.status } : { kind: outcome.kind };
  const attempt = { at, durationMs: now.getTime() - at.getTime(), ...came };
  const endsEndpoint = verdict === "gone" && delivery.endpointId !== JOB_ENDPOINT;
  if (endsEndpoint) await ports.endpoints.disable(delivery.endpointId, now);
  await ports.deliveries.end(delivery.deliveryId, attempt, state, now);
  logAttempt(ports.log, beginning.delivery, attempt, state);
  return state === "waiting" ? "unsettled" : "settled";
}

/** The URL is judged again at every send: rules and the deployment's hosts change after a URL was accepted. */
async function post(ports: DeliverPorts, dispatch: Dispatch, headers: Record<string, string>): Promise<PostOutcome> {
  if (ports.guard.judge(dispatch.url).outcome === "refused") return { outcome: "failed", kind: "blocked_destination" };
  return ports.transport.post({ url: dispatch.url, headers, body: dispatch.body });
}

function stateAfter(verdict: Verdict, endedAt: Date, now: Date): Exclude<DeliveryState, "sending"> {
  if (verdict === "succeeded") return "succeeded";
  return verdict === "retry" && isRetried(endedAt, now) ? "waiting" : "failed";
}

/** The URL stays out of the log: its path or query may hold a token. */
function logAttempt(log: Log, delivery: Delivery, { at: _, ...came }: DeliveryAttempt, state: DeliveryState): void {
  const { deliveryId, jobId, endpointId, event, attemptCount } = delivery;
  const fields = { deliveryId, jobId, endpointId, event, attempt: attemptCount, state, ...came };
  if (state === "succeeded") log.info("webhook delivered", fields);
  else log.warn(state === "waiting" ? "webhook not delivered yet" : "webhook given up", fields);
}
