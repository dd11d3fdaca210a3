import { DeliveryMessage } from "@baton/protocol";
import { continueStopping } from "../endpoints/stop-deliveries.ts";
import { notifyResult } from "./notify-result.ts";
import { type ContinueRecoveryPorts, continueRecovery } from "./recover-page.ts";
import { tellOwner } from "./send-alert.ts";
import { type SendStoredPorts, sendStored } from "./send-due-delivery.ts";

/** What handling a message needs. */
export interface DeliveryPorts extends SendStoredPorts, ContinueRecoveryPorts {
  endpoints: SendStoredPorts["endpoints"] & ContinueRecoveryPorts["endpoints"];
  deliveries: SendStoredPorts["deliveries"];
  publisher: SendStoredPorts["publisher"];
}

/** What Pub/Sub delivers; `attributes` are whatever the publisher sent. */
export interface ReceivedDelivery {
  messageId: string;
  attributes: unknown;
}

/**
 * Handles one Pub/Sub message on `webhook-deliveries`. It names a job whose deliveries are not made, a delivery whose
 * next attempt is due, a recovery to continue, an endpoint that was stopped, or a notice whose owner was not told.
 * Resolves, which acknowledges it. Rejects only for the two messages that no sweep sends again: an endpoint whose
 * deliveries could not be stopped, and a job whose result is not due. A message that names none of these is logged; its
 * subject may be gone.
 */
export async function handleDelivery(ports: DeliveryPorts, message: ReceivedDelivery): Promise<void> {
  const parsed = DeliveryMessage.safeParse(message.attributes);
  if (!parsed.success) {
    ports.log.error("A message that names nothing to deliver was dropped.", { messageId: message.messageId });
    return;
  }
  const named = parsed.data;
  if ("jobId" in named) return notifyJob(ports, named.jobId);
  // No sweep looks after it: Pub/Sub does, when this rejects.
  if ("endpointId" in named) return continueStopping(ports, named.endpointId);
  try {
    if ("deliveryId" in named) await sendStored(ports, named.deliveryId);
    else if ("recoveryId" in named) await continueRecovery(ports, named.recoveryId);
    else await tellOfNotice(ports, named.noticeId);
  } catch (error) {
    // The sweep sends the next message: with redeliveries besides, every look of its would add a line of attempts.
    ports.log.error("A webhook message could not be handled; the sweep sends another.", { ...named, error });
  }
}

async function tellOfNotice(ports: DeliveryPorts, noticeId: string): Promise<void> {
  const notice = await ports.notices.read(noticeId);
  if (notice?.dueAt) await tellOwner(ports, notice);
}

async function notifyJob(ports: DeliveryPorts, jobId: string): Promise<void> {
  const result = await ports.jobs.readResult(jobId);
  if (!result) return;
  try {
    await notifyResult(ports, result);
  } catch (error) {
    if (!result.dueAt) throw error;
    ports.log.error("A job's webhooks could not be sent; the sweep asks for them again.", { jobId, error });
  }
}
