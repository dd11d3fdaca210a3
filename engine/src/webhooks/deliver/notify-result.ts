import type { ResultStore } from "../../jobs/due.ts";
import type { JobResult } from "../../jobs/rules/job.ts";
import { stopIfEndpointStopped } from "../endpoints/stop-deliveries.ts";
import type { EndpointStore } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import { type Endpoint, JOB_ENDPOINT } from "../rules/endpoint.ts";
import { wants } from "../rules/filter.ts";
import { gate } from "../rules/health-rules.ts";
import { newDelivery, type Start } from "../rules/move-delivery.ts";
import { webhookId } from "../signing/webhook-id.ts";
import { eventBody, resultEvent } from "./result-event.ts";
import { type Dispatch, type SendPorts, sendDelivery } from "./send-delivery.ts";
import type { Naps } from "./short-retry-timer.ts";

/** What `notifyResult` needs. */
export interface NotifyPorts extends SendPorts {
  endpoints: SendPorts["endpoints"] & Pick<EndpointStore, "listOf">;
  results: ResultStore;
  naps: Naps;
  /** Base URL of the API, without a trailing slash, for the links in events. */
  publicApiUrl: string;
}

/**
 * Makes one delivery for the job's `webhookUrl` and one for every endpoint of its owner that wants the event, all in
 * one commit. Then makes the first attempts at once, side by side; from then on each delivery has its own schedule.
 * Idempotent: deliveries that are there already are left to the call that made them, or to the sweep. Rejects when it
 * cannot be known who is to be told, or the deliveries could not be stored. Makes none for a result that was erased. An
 * attempt that could not be recorded is logged, and the sweep finds its delivery.
 */
export async function notifyResult(ports: NotifyPorts, result: JobResult): Promise<void> {
  const dispatches = await listDispatches(ports, result);
  if (dispatches.length === 0) {
    // Only a result that somebody was waiting for asks for a second look.
    if (result.dueAt) await ports.results.settle(result.jobId);
    return;
  }
  // The event tells of a result that may be erased since.
  if (!(await ports.results.exists(result.jobId))) return;
  const deliveries = dispatches.map(({ delivery }) => delivery);
  const created = await ports.deliveries.createAll(deliveries, result.dueAt && result.jobId);
  await Promise.all(dispatches.map((dispatch, index) => created[index] && firstAttempt(ports, dispatch)));
}

async function listDispatches(ports: NotifyPorts, result: JobResult): Promise<Dispatch[]> {
  const { jobId, owner, type: jobType, expireAt } = result;
  const [endpoints, webhookUrl] = await Promise.all([
    ports.endpoints.listOf(owner),
    result.hasWebhookUrl && ports.results.readWebhookUrl(jobId),
  ]);
  const event = resultEvent(result, ports.publicApiUrl);
  const body = eventBody(event);
  const now = ports.clock.now();
  const about = { owner, event: event.type, jobId, jobType, expireAt };
  const dispatch = (endpointId: string, url: string, start: Start, endpoint?: Endpoint): Dispatch => {
    const deliveryId = webhookId(jobId, event.type, endpointId);
    const delivery = newDelivery({ ...about, deliveryId, endpointId }, start, now);
    return { delivery, isBegun: start.state === "sending", url, body, ...(endpoint && { endpoint }) };
  };
  const wanting = endpoints.filter((endpoint) => wants(endpoint, event.type, jobType));
  const toEndpoints = wanting.map((endpoint) =>
    dispatch(endpoint.endpointId, endpoint.url, startOf(ports, endpoint, now), endpoint),
  );
  if (webhookUrl === undefined) return toEndpoints;
  return [dispatch(JOB_ENDPOINT, webhookUrl, { state: "sending" }), ...toEndpoints];
}

/** The first attempt counts as begun where nothing stands in its way. */
function startOf({ parking }: NotifyPorts, { endpointId, disabled, health }: Endpoint, now: Date): Start {
  if (disabled) return { state: "held" };
  const passage = gate(health, now);
  if (passage.outcome !== "paused") return { state: "sending" };
  return { state: "pending", nextAttemptAt: parking.momentAfter(endpointId, passage.until) };
}

async function firstAttempt(ports: NotifyPorts, dispatch: Dispatch): Promise<void> {
  const { delivery, isBegun, url } = dispatch;
  const after = isBegun ? await trySending(ports, dispatch) : await stopIfEndpointStopped(ports, delivery);
  await ports.naps.waitFor(after, url);
}

async function trySending(ports: NotifyPorts, dispatch: Dispatch): Promise<Delivery | undefined> {
  try {
    return await sendDelivery(ports, dispatch);
  } catch (error) {
    const { deliveryId, jobId, endpointId } = dispatch.delivery;
    ports.log.error("A webhook's attempt was not recorded; the sweep sends it again.", {
      deliveryId,
      jobId,
      endpointId,
      error,
    });
    return undefined;
  }
}
