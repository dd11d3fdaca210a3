import type { DueDeliveryStore } from "../webhooks/ports.ts";
import { by } from "./compare-by.ts";
import type { MemoryAlertStore } from "./memory-alert-store.ts";
import type { MemoryDeliveryStore } from "./memory-delivery-store.ts";
import type { memoryRecoveryStore } from "./memory-recovery-store.ts";

/**
 * The due deliveries, recoveries and alerts of stores in memory; held to the contract of
 * `test/contract/due-deliveries.test.ts`.
 */
export function memoryDueDeliveries(
  deliveries: MemoryDeliveryStore,
  recoveries: ReturnType<typeof memoryRecoveryStore>,
  alerts: MemoryAlertStore,
): DueDeliveryStore {
  type Due = { dueAt?: Date };
  const due = <T extends Due>(all: T[], now: Date, limit: number) =>
    all
      .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
      .sort(by(({ dueAt }) => dueAt?.getTime() ?? 0))
      .slice(0, limit);
  return {
    async takeDue(now, until, limit) {
      const taken = due(deliveries.all(), now, limit);
      for (const delivery of taken) deliveries.put({ ...delivery, dueAt: until });
      return taken.map(({ deliveryId, endpointId, state }) => ({ deliveryId, endpointId, state }));
    },
    async listSleeping(after, until, limit) {
      const sleeping = deliveries.all().filter(({ state, dueAt }) => state === "pending" && dueAt && dueAt > after);
      return due(sleeping, until, limit).map(({ deliveryId, dueAt = after }) => ({ deliveryId, dueAt }));
    },
    async takeDueRecoveries(now, until, limit) {
      const taken = due(recoveries.all(), now, limit);
      for (const recovery of taken) recoveries.put({ ...recovery, dueAt: until });
      return taken.map(({ recoveryId }) => recoveryId);
    },
    async takeDueAlerts(now, until, limit) {
      const taken = due(alerts.given, now, limit);
      for (const alert of taken) alerts.put({ ...alert, dueAt: until });
      return taken.map(({ alertId }) => alertId);
    },
  };
}
