import type { AlertStore } from "../webhooks/ports.ts";
import type { Alert } from "../webhooks/rules/alert.ts";
import { dueOf } from "./due-documents.ts";

/** The alert store in memory as a test sees it: `given` are the alerts, in the order of their creation. */
export interface MemoryAlertStore extends AlertStore {
  given: Alert[];
  put(alert: Alert): void;
}

/** The alert store in memory; held to the contract of `test/contract/alert-store.test.ts`. */
export function memoryAlertStore(): MemoryAlertStore {
  const given: Alert[] = [];
  const indexOf = (alertId: string) => given.findIndex((alert) => alert.alertId === alertId);
  const put = (alert: Alert) => {
    const index = indexOf(alert.alertId);
    given.splice(index < 0 ? given.length : index, 1, structuredClone(alert));
  };
  return {
    given,
    put,
    read: async (alertId) => structuredClone(given[indexOf(alertId)]),
    async settle(alertId) {
      delete given[indexOf(alertId)]?.dueAt;
    },
    async takeDue(now, until, limit) {
      const taken = dueOf(given, now, limit);
      for (const alert of taken) put({ ...alert, dueAt: until });
      return taken.map(({ alertId }) => alertId);
    },
  };
}
