import type { Clock } from "../../kit/ports.ts";
import { stopIfEndpointStopped } from "../endpoints/stop-deliveries.ts";
import type { AlertStore, DeliveryStore, EndpointStore, Mail } from "../ports.ts";
import type { PublishPorts } from "../publish-or-leave.ts";
import type { Alert } from "../rules/alert.ts";
import { endpointEventDeliveries } from "./endpoint-events.ts";

/** The ports that sending an alert needs. */
export interface SendAlertPorts extends PublishPorts {
  alerts: Pick<AlertStore, "read" | "settle">;
  endpoints: Pick<EndpointStore, "listOf" | "read">;
  deliveries: Pick<DeliveryStore, "createAll" | "apply">;
  /** Absent where the deployment sends no mail. */
  mail?: Mail;
  clock: Clock;
}

/**
 * How long after its creation an alert is tried. A failure that lasts a day is a fault of the deployment, and the owner
 * can still read the alert itself.
 */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

const SUBJECTS: Readonly<Record<Alert["kind"], string>> = {
  failing: "A webhook endpoint is failing",
  disabled: "A webhook endpoint was disabled",
  recovered: "A webhook endpoint works again",
};

/**
 * Sends an alert to the owner, by an event to the owner's other endpoints and by mail, and settles it. When one channel
 * fails, the other is still used, the failure is logged, and the alert stays due: the sweep repeats it for a day.
 * Idempotent: a channel that succeeded sends nothing twice. Rejects when the alert cannot be settled.
 */
export async function sendAlert(ports: SendAlertPorts, alert: Alert): Promise<void> {
  const { alertId, endpointId, createdAt } = alert;
  const isLast = ports.clock.now().getTime() - createdAt.getTime() >= GIVE_UP_MS;
  const channels = await Promise.allSettled([sendEvents(ports, alert), sendMail(ports, alert)]);
  const errors = channels.flatMap((channel) => (channel.status === "rejected" ? [channel.reason] : []));
  for (const error of errors) {
    const fields = { alertId, endpointId, error };
    if (isLast) ports.log.error("An alert was not sent, and is given up.", { event: "alert.given-up", ...fields });
    else ports.log.error("An alert was not sent. The sweep tries again.", { event: "alert.not-sent", ...fields });
  }
  if (errors.length === 0 || isLast) await ports.alerts.settle(alertId);
}

/** Stores the deliveries as due now, so the sweep finds those that are not published. */
async function sendEvents(ports: SendAlertPorts, alert: Alert): Promise<void> {
  const endpoints = await ports.endpoints.listOf(alert.owner);
  const deliveries = endpointEventDeliveries(alert, endpoints, ports.clock.now());
  if (deliveries.length === 0) return;
  const created = await ports.deliveries.createAll(deliveries, undefined);
  const fresh = deliveries.filter((_, index) => created[index]);
  const checked = await Promise.all(fresh.map((delivery) => stopIfEndpointStopped(ports, delivery)));
  const due = checked.filter(({ state }) => state === "pending");
  await Promise.all(due.map(({ deliveryId }) => ports.publisher.publishDelivery({ deliveryId })));
}

async function sendMail({ mail }: SendAlertPorts, alert: Alert): Promise<void> {
  const { alertId, owner, endpointId, createdAt, kind, message } = alert;
  await mail?.send({ messageId: alertId, owner, endpointId, createdAt, subject: SUBJECTS[kind], text: message });
}
