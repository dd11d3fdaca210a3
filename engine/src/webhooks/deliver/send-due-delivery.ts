import type { JobStore } from "../../jobs/ports.ts";
import type { DeliveryStore } from "../ports.ts";
import type { Delivery, DeliveryCommand } from "../rules/delivery.ts";
import { stopOf } from "../rules/delivery-policy.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";
import type { NotifyPorts } from "./notify-result.ts";
import { eventBody, resultEvent } from "./result-event.ts";
import { type OutboundDelivery, sendDelivery } from "./send-delivery.ts";

/** The ports that sending a due delivery needs. */
export interface SendDueDeliveryPorts extends NotifyPorts {
  deliveries: NotifyPorts["deliveries"] & Pick<DeliveryStore, "read" | "apply">;
  jobs: Pick<JobStore, "readResult">;
}

/**
 * Makes the next attempt of a delivery that is due; does nothing when it is not due. Holds or cancels the delivery
 * instead when its endpoint takes none, and cancels it when its job was deleted. Rejects when the store is unreachable.
 */
export async function sendDueDelivery(ports: SendDueDeliveryPorts, deliveryId: string): Promise<void> {
  const delivery = await ports.deliveries.read(deliveryId);
  if (!delivery || !isDue(delivery, ports.clock.now())) return;
  const prepared = await prepare(ports, delivery);
  if (!("url" in prepared)) {
    await ports.deliveries.apply(deliveryId, prepared, ports.clock.now());
    return;
  }
  await ports.shortRetryTimer.publishWhenDue(await sendDelivery(ports, prepared), prepared.url);
}

function isDue({ state, nextAttemptAt, busyUntil }: Delivery, now: Date): boolean {
  const dueAt = state === "pending" ? nextAttemptAt : state === "sending" ? busyUntil : undefined;
  return dueAt !== undefined && dueAt <= now;
}

async function prepare(ports: SendDueDeliveryPorts, delivery: Delivery): Promise<OutboundDelivery | DeliveryCommand> {
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
  if (url === undefined || body === undefined || !isOwn) return { kind: "cancel" };
  const stop = endpoint && stopOf(endpoint);
  if (stop) return { kind: stop.action };
  return { delivery, isBegun: false, url, body, ...(endpoint && { endpoint }) };
}
