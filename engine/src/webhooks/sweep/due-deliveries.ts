import type { DeliveryMessage } from "@baton/protocol";
import { pause } from "../../kit/pause.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { DeliveryPublisher, DueDeliveryStore } from "../ports.ts";
import { type PausedDeliveriesPorts, postponePaused } from "./paused-deliveries.ts";

/** What looking after deliveries, recoveries and notices needs. */
export interface DueDeliveriesPorts {
  dueDeliveries: DueDeliveryStore;
  publisher: DeliveryPublisher;
  clock: Clock;
  log: Log;
}

const PAGE = 100;
/** When to look again at what was published: its message may be lost. */
const NEXT_LOOK_MS = 60_000;
/** While anything sleeps it is looked at this often: what failed or was postponed in the meantime may be due before it. */
const MAX_NAP_MS = 5000;
/** Deliveries due within so short a time go together, at its end. */
const MIN_NAP_MS = 250;

/**
 * Publishes every delivery that is due by `now`, then stays up for those whose next attempt is due by `by`, and publishes each when
 * its time has come; with none it ends at once. One whose endpoint is paused is put off instead. Each gets its next look before its
 * message goes out, so that a message that is lost is made up for. Begins no page after `endsAt`. Answers how many; rejects when it
 * cannot be known what is due.
 */
export async function publishDueDeliveries(
  ports: DueDeliveriesPorts & PausedDeliveriesPorts,
  now: Date,
  { by, endsAt }: { by: Date; endsAt: Date },
): Promise<number> {
  let count = await publishDue(ports, endsAt);
  for (let after = now; after < by; after = ports.clock.now()) {
    const [next] = await ports.dueDeliveries.listSleeping(after, by, 1);
    if (!next) return count;
    const leftMs = next.dueAt.getTime() - ports.clock.now().getTime();
    await pause(ports.clock, Math.min(Math.max(leftMs, MIN_NAP_MS), MAX_NAP_MS));
    count += await publishDue(ports, endsAt);
  }
  return count;
}

/** Publishes every recovery that is due at `now`. Answers how many; rejects when it cannot be known which there are. */
export async function publishDueRecoveries(ports: DueDeliveriesPorts, now: Date): Promise<number> {
  const recoveryIds = await ports.dueDeliveries.takeDueRecoveries(now, nextLook(now), PAGE);
  await Promise.all(recoveryIds.map((recoveryId) => publish(ports, { recoveryId })));
  return recoveryIds.length;
}

/** Publishes every notice that is due at `now`: nobody told its owner. Answers how many; rejects when it cannot be known which there are. */
export async function publishDueNotices(ports: DueDeliveriesPorts, now: Date): Promise<number> {
  const noticeIds = await ports.dueDeliveries.takeDueNotices(now, nextLook(now), PAGE);
  await Promise.all(noticeIds.map((noticeId) => publish(ports, { noticeId })));
  return noticeIds.length;
}

async function publishDue(ports: DueDeliveriesPorts & PausedDeliveriesPorts, endsAt: Date): Promise<number> {
  for (let count = 0; ; ) {
    const now = ports.clock.now();
    const due = await ports.dueDeliveries.takeDue(now, nextLook(now), PAGE);
    const sendable = await postponePaused(ports, due);
    await Promise.all(sendable.map(({ deliveryId }) => publish(ports, { deliveryId })));
    count += due.length;
    if (due.length < PAGE || ports.clock.now() >= endsAt) return count;
  }
}

async function publish({ publisher, log }: DueDeliveriesPorts, message: DeliveryMessage): Promise<void> {
  try {
    await publisher.publishDelivery(message);
  } catch (error) {
    log.error("A due webhook message was not published; a later sweep tries again.", { ...message, error });
  }
}

function nextLook(now: Date): Date {
  return new Date(now.getTime() + NEXT_LOOK_MS);
}
