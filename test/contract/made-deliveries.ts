import assert from "node:assert/strict";
import type { DeliveryStore } from "../../engine/src/webhooks/ports.ts";
import type { Delivery, DeliveryCommand } from "../../engine/src/webhooks/rules/delivery.ts";
import { aDelivery } from "../support/webhooks.ts";
import { T0 } from "./both-webhook-stores.ts";

/** Begins an attempt. */
export const BEGIN: DeliveryCommand = { kind: "begin" };

/** The facts of an attempt that was answered 500. */
export const ATTEMPT = {
  at: T0,
  durationMs: 12,
  status: 500,
  // A name that Firestore does not allow for a field.
  requestHeaders: { "webhook-id": "m", __x__: "1" },
  excerpt: "no",
};

/** The end of attempt `number`, which was answered with a status: a success below 300. */
export function endOf(number: number, status = 500): DeliveryCommand {
  const attempt = { ...ATTEMPT, status };
  return { kind: "end", number, attempt, verdict: status < 300 ? "succeeded" : "retry", jitter: 0 };
}

/** Stores a delivery in `store`. */
export async function created(store: DeliveryStore, given: Partial<Delivery> = {}): Promise<Delivery> {
  const delivery = aDelivery(given);
  assert.deepEqual(await store.createAll([delivery], undefined), [true]);
  return delivery;
}
