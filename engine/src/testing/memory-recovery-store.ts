import { isDeepStrictEqual } from "node:util";
import type { RecoveryStore } from "../webhooks/ports.ts";
import type { Recovery } from "../webhooks/rules/recovery.ts";
import { by } from "./compare-by.ts";
import { dueOf } from "./due-documents.ts";

/** The recovery store in memory; held to the contract of `test/contract/recovery-store.test.ts`. */
export function memoryRecoveryStore(): RecoveryStore & { all(): Recovery[]; put(recovery: Recovery): void } {
  const stored = new Map<string, Recovery>();
  const put = (recovery: Recovery) => void stored.set(recovery.recoveryId, structuredClone(recovery));
  const all = () => structuredClone([...stored.values()].sort(by(({ createdAt }) => createdAt.getTime())));
  return {
    put,
    all,
    async begin(recovery) {
      const running = all().find(({ endpointId, state }) => endpointId === recovery.endpointId && state === "running");
      if (running) return { outcome: "running", recovery: running };
      put(recovery);
      return { outcome: "begun" };
    },
    read: async (recoveryId) => structuredClone(stored.get(recoveryId)),
    async advance(before, after) {
      const { dueAt: _, ...now } = stored.get(before.recoveryId) ?? {};
      const { dueAt: __, ...then } = before;
      if (!isDeepStrictEqual(now, then)) return false;
      put(after);
      return true;
    },
    listOf: async (endpointId) =>
      all()
        .filter((recovery) => recovery.endpointId === endpointId)
        .reverse()
        .slice(0, 20),
    async takeDue(now, until, limit) {
      const taken = dueOf(all(), now, limit);
      for (const recovery of taken) put({ ...recovery, dueAt: until });
      return taken.map(({ recoveryId }) => recoveryId);
    },
  };
}
