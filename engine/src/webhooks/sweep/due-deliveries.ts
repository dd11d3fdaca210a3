import { pause } from "../../kit/pause.ts";
import type { AlertStore, DeliveryStore, RecoveryStore } from "../ports.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";
import { type PausedDeliveriesPorts, postponePaused } from "./paused-deliveries.ts";

/** The ports that finding due deliveries needs. */
export interface DueDeliveriesPorts extends PublishPorts, PausedDeliveriesPorts {
  deliveries: Pick<DeliveryStore, "takeDue" | "listSleeping" | "apply">;
}

/** The ports that finding due recoveries needs. */
export interface DueRecoveriesPorts extends PublishPorts {
  recoveries: Pick<RecoveryStore, "takeDue">;
}

/** The ports that finding due alerts needs. */
export interface DueAlertsPorts extends PublishPorts {
  alerts: Pick<AlertStore, "takeDue">;
}

const PAGE = 100;
/** When to look again at what was published: its message may be lost. */
const NEXT_LOOK_MS = 60_000;
/** The longest wait between two looks: a delivery that fails or is postponed meanwhile may be due earlier. */
const MAX_WAIT_MS = 5000;
/** The shortest wait, so that deliveries due close together are published together. */
const MIN_WAIT_MS = 250;

/**
 * Publishes every delivery that is due by `now`, then waits for those due by `by` and publishes each at its time.
 * Returns at once when there are none. Postpones a delivery whose endpoint is paused instead. The next look of each
 * delivery is set before its message is published, so that a lost message is repeated. Begins no page after `endsAt`.
 * Answers how many deliveries were due; rejects when the store is unreachable.
 */
export async function publishDueDeliveries(
  ports: DueDeliveriesPorts,
  now: Date,
  { by, endsAt }: { by: Date; endsAt: Date },
): Promise<number> {
  let count = await publishDue(ports, endsAt);
  for (let after = now; after < by; after = ports.clock.now()) {
    const [next] = await ports.deliveries.listSleeping(after, by, 1);
    if (!next) return count;
    const leftMs = next.dueAt.getTime() - ports.clock.now().getTime();
    await pause(ports.clock, Math.min(Math.max(leftMs, MIN_WAIT_MS), MAX_WAIT_MS));
    count += await publishDue(ports, endsAt);
  }
  return count;
}

/** Publishes every recovery that is due at `now`. Answers how many; rejects when the store is unreachable. */
export async function publishDueRecoveries(ports: DueRecoveriesPorts, now: Date): Promise<number> {
  const recoveryIds = await ports.recoveries.takeDue(now, nextLook(now), PAGE);
  await Promise.all(recoveryIds.map((recoveryId) => publishOrLeave(ports, { recoveryId }, "error")));
  return recoveryIds.length;
}

/** Publishes every alert that is due at `now`: its owner does not have it yet. Answers how many; rejects likewise. */
export async function publishDueAlerts(ports: DueAlertsPorts, now: Date): Promise<number> {
  const alertIds = await ports.alerts.takeDue(now, nextLook(now), PAGE);
  await Promise.all(alertIds.map((alertId) => publishOrLeave(ports, { alertId }, "error")));
  return alertIds.length;
}

async function publishDue(ports: DueDeliveriesPorts, endsAt: Date): Promise<number> {
  for (let count = 0; ; ) {
    const now = ports.clock.now();
    const due = await ports.deliveries.takeDue(now, nextLook(now), PAGE);
    const sendable = await postponePaused(ports, due);
    await Promise.all(sendable.map(({ deliveryId }) => publishOrLeave(ports, { deliveryId }, "error")));
    count += due.length;
    if (due.length < PAGE || ports.clock.now() >= endsAt) return count;
  }
}

function nextLook(now: Date): Date {
  return new Date(now.getTime() + NEXT_LOOK_MS);
}
