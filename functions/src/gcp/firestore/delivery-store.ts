import { WebhookEventType } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import { beginDelivery, type Delivery, endAttempt } from "../../core/delivery.ts";
import type { DeliveryStore } from "../../core/ports.ts";
import { type Fields, fromFields, toFields } from "./documents.ts";

const StoredDelivery: z.ZodType<Delivery> = z.object({
  deliveryId: z.string(),
  owner: z.string(),
  jobId: z.string(),
  endpointId: z.string(),
  event: WebhookEventType,
  state: z.enum(["sending", "waiting", "succeeded", "failed"]),
  attemptCount: z.int(),
  attempts: z.array(
    z.object({
      at: z.date(),
      durationMs: z.number(),
      status: z.int().exactOptional(),
      kind: z.enum(["blocked_destination", "dns", "connect", "tls", "timeout", "protocol"]).exactOptional(),
    }),
  ),
  busyUntil: z.date().exactOptional(),
  createdAt: z.date(),
  updatedAt: z.date(),
  expireAt: z.date(),
});

/** The delivery store on Firestore: `deliveries/{deliveryId}`, one transaction an operation. */
export function firestoreDeliveryStore(db: Firestore): DeliveryStore {
  const deliveries = db.collection("deliveries");
  return {
    begin: (wanted, now) =>
      db.runTransaction(async (transaction) => {
        const document = deliveries.doc(wanted.deliveryId);
        const beginning = beginDelivery(deliveryFrom((await transaction.get(document)).data()), wanted, now);
        if (beginning.outcome === "begun") transaction.set(document, toFields(beginning.delivery));
        return beginning;
      }),
    end: (deliveryId, attempt, state, now) =>
      db.runTransaction(async (transaction) => {
        const document = deliveries.doc(deliveryId);
        const stored = deliveryFrom((await transaction.get(document)).data());
        if (stored) transaction.set(document, toFields(endAttempt(stored, attempt, state, now)));
      }),
    async read(deliveryId) {
      return deliveryFrom((await deliveries.doc(deliveryId).get()).data());
    },
  };
}

function deliveryFrom(fields: Fields | undefined): Delivery | undefined {
  return fields && StoredDelivery.parse(fromFields(fields));
}
