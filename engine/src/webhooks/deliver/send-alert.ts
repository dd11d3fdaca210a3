import type { Clock, Log } from "../../kit/ports.ts";
import { stopIfEndpointStopped } from "../endpoints/stop-deliveries.ts";
import type { DeliveryPublisher, DeliveryStore, EndpointStore, Mail, NoticeStore } from "../ports.ts";
import type { Notice } from "../rules/alert.ts";
import { endpointEventDeliveries } from "./endpoint-events.ts";

/** What telling an owner needs. */
export interface TellOwnerPorts {
  notices: NoticeStore;
  endpoints: Pick<EndpointStore, "listOf" | "read">;
  deliveries: Pick<DeliveryStore, "createAll" | "apply">;
  publisher: DeliveryPublisher;
  /** Absent where the deployment sends no mail. */
  mail?: Mail;
  clock: Clock;
  log: Log;
}

/** How long after it was written a notice is tried: what fails for a day is a fault of the deployment, and the notice itself can be read. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

const SUBJECTS: Readonly<Record<Notice["kind"], string>> = {
  failing: "A webhook endpoint is failing",
  disabled: "A webhook endpoint was disabled",
  recovered: "A webhook endpoint works again",
};

/**
 * Tells the owner of a notice, by an event to the owner's other endpoints and by mail, and settles it. A way that fails is logged
 * and does not stop the other; the notice stays due then, and the sweep brings it back, for a day. Idempotent: what was handed on already
 * is not handed on again. Rejects when the notice cannot be settled.
 */
export async function tellOwner(ports: TellOwnerPorts, notice: Notice): Promise<void> {
  const { noticeId, endpointId, createdAt } = notice;
  const isLast = ports.clock.now().getTime() - createdAt.getTime() >= GIVE_UP_MS;
  const ways = await Promise.allSettled([sendEvents(ports, notice), sendMail(ports, notice)]);
  const errors = ways.flatMap((way) => (way.status === "rejected" ? [way.reason] : []));
  for (const error of errors) {
    const next = isLast ? "it is not tried again" : "the sweep tries again";
    ports.log.error(`An owner was not told; ${next}.`, { noticeId, endpointId, error });
  }
  if (errors.length === 0 || isLast) await ports.notices.settle(noticeId);
}

/** They are stored as due now: what is not published here is found by the sweep. */
async function sendEvents(ports: TellOwnerPorts, notice: Notice): Promise<void> {
  const endpoints = await ports.endpoints.listOf(notice.owner);
  const deliveries = endpointEventDeliveries(notice, endpoints, ports.clock.now());
  if (deliveries.length === 0) return;
  const created = await ports.deliveries.createAll(deliveries, undefined);
  const fresh = deliveries.filter((_, index) => created[index]);
  const looked = await Promise.all(fresh.map((delivery) => stopIfEndpointStopped(ports, delivery)));
  const due = looked.filter(({ state }) => state === "pending");
  await Promise.all(due.map(({ deliveryId }) => ports.publisher.publishDelivery({ deliveryId })));
}

async function sendMail({ mail }: TellOwnerPorts, notice: Notice): Promise<void> {
  const { noticeId, owner, endpointId, createdAt, kind, message } = notice;
  await mail?.send({ messageId: noticeId, owner, endpointId, createdAt, subject: SUBJECTS[kind], text: message });
}
