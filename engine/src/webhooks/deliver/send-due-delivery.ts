import type { JobStore } from "../../jobs/ports.ts";
import type { Delivery, DeliveryEvent } from "../rules/delivery.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";
import type { NotifyPorts } from "./notify-result.ts";
import { eventBody, resultEvent } from "./result-event.ts";
import { type Dispatch, sendDelivery } from "./send-delivery.ts";

/** What sending a stored delivery needs. */
export interface SendStoredPorts extends NotifyPorts {
  jobs: Pick<JobStore, "readResult">;
}

/**
 * Makes the next attempt of a delivery when it is due; does nothing when it is not, or its time has not come. What may not be sent
 * any more, since its endpoint is disabled or gone, or its job is deleted, is held or cancelled instead. Rejects when the store
 * is unreachable.
 */
export async function sendStored(ports: SendStoredPorts, deliveryId: string): Promise<void> {
  const delivery = await ports.deliveries.read(deliveryId);
  if (!delivery || !isDue(delivery, ports.clock.now())) return;
  const prepared = await prepare(ports, delivery);
  if (!("url" in prepared)) {
    await ports.deliveries.apply(deliveryId, prepared, ports.clock.now());
    return;
  }
  await ports.naps.waitFor(await sendDelivery(ports, prepared), prepared.url);
}

function isDue({ state, nextAttemptAt, busyUntil }: Delivery, now: Date): boolean {
  const at = state === "pending" ? nextAttemptAt : state === "sending" ? busyUntil : undefined;
  return at !== undefined && at <= now;
}

async function prepare(ports: SendStoredPorts, delivery: Delivery): Promise<Dispatch | DeliveryEvent> {
  const { endpointId, owner, jobId } = delivery;
  const isToEndpoint = endpointId !== JOB_ENDPOINT;
  const [endpoint, webhookUrl, result] = await Promise.all([
    isToEndpoint ? ports.endpoints.read(endpointId) : undefined,
    jobId !== undefined && !isToEndpoint ? ports.results.readWebhookUrl(jobId) : undefined,
    jobId !== undefined && delivery.body === undefined ? ports.jobs.readResult(jobId) : undefined,
  ]);
  const url = isToEndpoint ? endpoint?.url : webhookUrl;
  const body = delivery.body ?? (result && eventBody(resultEvent(result, ports.publicApiUrl)));
  const isOwn = !endpoint || endpoint.owner === owner;
  if (url === undefined || body === undefined || !isOwn || endpoint?.disabled?.reason === "gone") {
    return { kind: "cancel" };
  }
  if (endpoint?.disabled) return { kind: "hold" };
  return { delivery, isBegun: false, url, body, ...(endpoint && { endpoint }) };
}
