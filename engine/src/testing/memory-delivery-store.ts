import type { DeliveryStore } from "../webhooks/ports.ts";
import type { Delivery, DeliveryAttempt } from "../webhooks/rules/delivery.ts";
import { moveDelivery } from "../webhooks/rules/move-delivery.ts";
import { by } from "./compare-by.ts";
import { dueOf } from "./due-documents.ts";

/** The delivery store in memory as a test sees it: all deliveries, the oldest first, and the settled results. */
export interface MemoryDeliveryStore extends DeliveryStore {
  put(delivery: Delivery): void;
  all(): Delivery[];
  settled: string[];
}

/**
 * The delivery store in memory, with the same rules; held to the contracts of `test/contract/delivery-store.test.ts`
 * and `due-deliveries.test.ts`.
 */
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
    async apply(deliveryId, command, now) {
      const before = stored.get(deliveryId);
      if (!before) return { outcome: "not-found" };
      const answer = structuredClone(moveDelivery(before, command, now));
      if (answer.outcome === "moved") stored.set(deliveryId, structuredClone(answer.delivery));
      const record = answer.outcome === "moved" ? answer.record : undefined;
      if (record) attempts.set(`${deliveryId} ${record.number}`, structuredClone(record));
      return answer;
    },
    read: async (deliveryId) => structuredClone(stored.get(deliveryId)),
    async takeDue(now, until, limit) {
      const taken = dueOf(all(), now, limit);
      for (const delivery of taken) stored.set(delivery.deliveryId, { ...delivery, dueAt: until });
      return taken.map(({ deliveryId, endpointId, state }) => ({ deliveryId, endpointId, state }));
    },
    ...deliveryQueries(all, () => [...attempts.values()]),
  };
}

function deliveryQueries(
  all: () => Delivery[],
  attempts: () => DeliveryAttempt[],
): Pick<DeliveryStore, "list" | "listAttempts" | "listMissed" | "listIds" | "listSleeping"> {
  return {
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
      structuredClone(attempts().filter((attempt) => attempt.deliveryId === deliveryId))
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
    async listSleeping(after, until, limit) {
      const sleeping = all().filter(({ state, dueAt }) => state === "pending" && dueAt && dueAt > after);
      return dueOf(sleeping, until, limit).map(({ deliveryId, dueAt = after }) => ({ deliveryId, dueAt }));
    },
  };
}

/** A text that sorts by `createdAt`, then by id. */
function placeOf({ createdAt, deliveryId }: { createdAt: Date; deliveryId: string }): string {
  return `${String(createdAt.getTime()).padStart(15, "0")}:${deliveryId}`;
}
