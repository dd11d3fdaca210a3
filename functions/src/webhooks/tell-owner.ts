import type { Clock, Log, Publisher } from "../core/ports.ts";
import type { Endpoint } from "../core/webhooks/endpoint.ts";
import { noticesOf } from "../core/webhooks/health-notices.ts";
import type { Notice } from "../core/webhooks/notice.ts";
import type { DeliveryStore, EndpointStore, Mail, NoticeStore } from "../core/webhooks/ports.ts";
import { endpointEventDeliveries } from "./endpoint-events.ts";

/** What telling an owner needs. */
export interface TellOwnerPorts {
  notices: NoticeStore;
  endpoints: Pick<EndpointStore, "listOf">;
  deliveries: Pick<DeliveryStore, "createAll">;
  publisher: Pick<Publisher, "publishDelivery">;
  /** Absent where the deployment sends no mail. */
  mail?: Mail;
  clock: Clock;
  log: Log;
}

const SUBJECTS: Readonly<Record<Notice["kind"], string>> = {
  failing: "A webhook endpoint is failing",
  disabled: "A webhook endpoint was disabled",
  recovered: "A webhook endpoint works again",
};

/**
 * Tells the owner what a change in an endpoint's health at `now` means, if anything: a notice that the console shows, an event to
 * the owner's other endpoints, and a mail. The same notice is given once. Never rejects: the ways do not depend on each other.
 */
export async function tellOwner(
  ports: TellOwnerPorts,
  { before, endpoint }: { before: Endpoint; endpoint: Endpoint },
  now: Date,
): Promise<void> {
  const { failingSince } = endpoint.health.failingSince ? endpoint.health : before.health;
  for (const notice of noticesOf(before, endpoint, now)) {
    const fields = { noticeId: notice.noticeId, endpointId: notice.endpointId };
    const isTold = await ports.notices.add(notice).then(
      (isNew) => !isNew,
      (error) => {
        // Mail and events are better than nothing.
        ports.log.error("A notice was not kept.", { ...fields, error });
        return false;
      },
    );
    if (isTold) continue;
    const told = await Promise.allSettled([sendEvents(ports, notice, failingSince, now), sendMail(ports, notice)]);
    for (const way of told) {
      if (way.status === "rejected") ports.log.error("An owner was not told.", { ...fields, error: way.reason });
    }
  }
}

/** They are stored as due now: what is not published here is found by the sweep. */
async function sendEvents(ports: TellOwnerPorts, notice: Notice, failingSince: Date | undefined, now: Date) {
  const endpoints = await ports.endpoints.listOf(notice.owner);
  const deliveries = endpointEventDeliveries(notice, endpoints, failingSince, now);
  if (deliveries.length === 0) return;
  const created = await ports.deliveries.createAll(deliveries, undefined);
  const due = deliveries.filter(({ state }, index) => state === "pending" && created[index]);
  await Promise.all(due.map(({ deliveryId }) => ports.publisher.publishDelivery({ deliveryId })));
}

async function sendMail({ mail }: TellOwnerPorts, notice: Notice): Promise<void> {
  const { noticeId, owner, kind, message } = notice;
  await mail?.send({ messageId: noticeId, owner, subject: SUBJECTS[kind], text: message });
}
