import { DeliveryMessage } from "@baton/protocol";
import { continueStopping } from "../endpoints/stop-deliveries.ts";
import { type AnnouncePorts, announceResult } from "./announce-result.ts";
import { type RecoverPagePorts, recoverPage } from "./recover-page.ts";
import { sendAlert } from "./send-alert.ts";
import { type SendDueDeliveryPorts, sendDueDelivery } from "./send-due-delivery.ts";

/** The ports that handling a message needs. */
export interface DeliveryPorts extends SendDueDeliveryPorts, RecoverPagePorts, Pick<AnnouncePorts, "events"> {
  endpoints: SendDueDeliveryPorts["endpoints"] & RecoverPagePorts["endpoints"];
  deliveries: SendDueDeliveryPorts["deliveries"] & RecoverPagePorts["deliveries"];
  publisher: SendDueDeliveryPorts["publisher"];
}

/** A message as Pub/Sub delivers it. `attributes` are unchecked. */
export interface ReceivedDelivery {
  messageId: string;
  attributes: unknown;
}

/**
 * Handles one Pub/Sub message about deliveries. It names a job that is not announced, a delivery that is due, a recovery
 * to continue, an endpoint that was stopped, or an alert that was not sent. Resolving acknowledges the message. Rejects
 * only for messages that no sweep repeats: an endpoint whose deliveries could not be stopped, and a job whose result is
 * not due. A message that names none of these is logged and dropped.
 */
export async function handleDelivery(ports: DeliveryPorts, message: ReceivedDelivery): Promise<void> {
  const parsed = DeliveryMessage.safeParse(message.attributes);
  if (!parsed.success) {
    const fields = { event: "message.unreadable", messageId: message.messageId } as const;
    ports.log.error("A webhook message that names nothing to deliver was dropped.", fields);
    return;
  }
  const named = parsed.data;
  if ("jobId" in named) return announceJob(ports, named.jobId);
  // No sweep repeats this message, but Pub/Sub does when this rejects.
  if ("endpointId" in named) return continueStopping(ports, named.endpointId);
  try {
    if ("deliveryId" in named) await sendDueDelivery(ports, named.deliveryId);
    else if ("recoveryId" in named) await recoverPage(ports, named.recoveryId);
    else await sendDueAlert(ports, named.alertId);
  } catch (error) {
    // Acknowledged all the same: the sweep repeats the message, and with redeliveries the two would add up.
    const fields = { event: "message.failed", ...named, error } as const;
    ports.log.error("A webhook message could not be handled. The sweep publishes another.", fields);
  }
}

async function sendDueAlert(ports: DeliveryPorts, alertId: string): Promise<void> {
  const alert = await ports.alerts.read(alertId);
  if (alert?.dueAt) await sendAlert(ports, alert);
}

async function announceJob(ports: DeliveryPorts, jobId: string): Promise<void> {
  const result = await ports.jobs.readResult(jobId);
  if (!result) return;
  try {
    await announceResult(ports, result);
  } catch (error) {
    if (!result.dueAt) throw error;
    const fields = { event: "result.not-announced", jobId, error } as const;
    ports.log.error("The end of a job could not be announced. The sweep asks for it again.", fields);
  }
}
