import { isDeepStrictEqual } from "node:util";
import type { Pace } from "../kit/rate-limiter.ts";
import type { DeliveryStore, DueDeliveryStore, RecoveryStore } from "../webhooks/ports.ts";
import type { Delivery, DeliveryAttempt } from "../webhooks/rules/delivery.ts";
import { moveDelivery } from "../webhooks/rules/move-delivery.ts";
import type { Recovery } from "../webhooks/rules/recovery.ts";
import type { MemoryNoticeStore } from "./memory-alert-store.ts";

export { memoryNoticeStore } from "./memory-alert-store.ts";
export { memoryEndpointStore } from "./memory-endpoint-store.ts";

/** What a test sees of the delivery store in memory: all deliveries, the oldest first, and the results that were settled. */
export interface MemoryDeliveryStore extends DeliveryStore {
  put(delivery: Delivery): void;
  all(): Delivery[];
  settled: string[];
}

/** The delivery store in memory, on the same rules; held to the contract of `test/contract/delivery-store.test.ts`. */
export function memoryDeliveryStore(): MemoryDeliveryStore {
  const stored = new Map<string, Delivery>();
  const attempts = new Map<string, DeliveryAttempt>();
  const settled: string[] = [];
  const all = () => structuredClone([...stored.values()].sort(by(placeOf)));
  return {
    settled,
    all,
    put: (delivery) => void stored.set(delivery.deliveryId, structuredClone(delivery)),
    async createAll(deliveries, settles) {
      if (settles !== undefined) settled.push(settles);
      return deliveries.map((delivery) => {
        if (stored.has(delivery.deliveryId)) return false;
        stored.set(delivery.deliveryId, structuredClone(delivery));
        return true;
      });
    },
    async apply(deliveryId, event, now) {
      const before = stored.get(deliveryId);
      if (!before) return { outcome: "not-found" };
      const answer = structuredClone(moveDelivery(before, event, now));
      if (answer.outcome === "moved") stored.set(deliveryId, structuredClone(answer.delivery));
      const record = answer.outcome === "moved" ? answer.record : undefined;
      if (record) attempts.set(`${deliveryId} ${record.number}`, structuredClone(record));
      return answer;
    },
    read: async (deliveryId) => structuredClone(stored.get(deliveryId)),
    async list({ owner, endpointId, jobId, state, limit, cursor }) {
      if (cursor !== undefined && !/^[0-9]+:msg_[0-9a-f]{32}$/.test(cursor)) return "bad-cursor";
      const wanted = all()
        .reverse()
        .filter((one) => one.owner === owner && (endpointId === undefined || one.endpointId === endpointId))
        .filter((one) => (jobId === undefined || one.jobId === jobId) && (state === undefined || one.state === state))
        .filter((one) => cursor === undefined || placeOf(one) < cursor);
      const deliveries = wanted.slice(0, limit);
      const last = deliveries.at(-1);
      return { deliveries, ...(wanted.length > limit && last && { nextCursor: placeOf(last) }) };
    },
    listAttempts: async (deliveryId) =>
      structuredClone([...attempts.values()].filter((attempt) => attempt.deliveryId === deliveryId))
        .sort(by(({ number }) => number))
        .slice(-100),
    async listMissed({ owner, endpointId, since, until, cursor }, limit) {
      const after = cursor && placeOf(cursor);
      return all()
        .filter((one) => one.owner === owner && one.endpointId === endpointId)
        .filter(({ createdAt }) => createdAt >= since && createdAt <= until)
        .filter((one) => after === undefined || placeOf(one) > after)
        .slice(0, limit);
    },
    listIds: async (endpointId, states, limit) =>
      all()
        .filter((one) => one.endpointId === endpointId && states.includes(one.state))
        .slice(0, limit)
        .map(({ deliveryId }) => deliveryId),
  };
}

/** Orders as createdAt, then the id, do. */
function placeOf({ createdAt, deliveryId }: { createdAt: Date; deliveryId: string }): string {
  return `${String(createdAt.getTime()).padStart(15, "0")}:${deliveryId}`;
}

function by<T>(key: (one: T) => number | string): (one: T, other: T) => number {
  return (one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other)));
}

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
  };
}

/** What the sweep looks after, of stores in memory; held to the contract of `test/contract/due-deliveries.test.ts`. */
export function memoryDueDeliveries(
  deliveries: MemoryDeliveryStore,
  recoveries: ReturnType<typeof memoryRecoveryStore>,
  notices: MemoryNoticeStore,
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
    async takeDueNotices(now, until, limit) {
      const taken = due(notices.given, now, limit);
      for (const notice of taken) notices.put({ ...notice, dueAt: until });
      return taken.map(({ noticeId }) => noticeId);
    },
  };
}

/** The pace in memory. */
export function memoryPace(): Pace {
  const free = new Map<string, number>();
  return {
    async reserve(key, perSecond, now, withinMs = Number.POSITIVE_INFINITY) {
      const moment = Math.max(free.get(key) ?? 0, now.getTime());
      const given = Math.ceil(moment);
      if (given - now.getTime() <= withinMs) free.set(key, moment + 1000 / perSecond);
      return new Date(given);
    },
  };
}
