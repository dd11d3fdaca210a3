import { DeliveryFailure, DeliveryState, WebhookEventType } from "@baton/protocol";
import { z } from "zod";
import { payloadFields, payloadOf } from "../../jobs/firestore/payload.ts";
import { type Fields, fromFields, toFields } from "../../platform/firestore/documents.ts";
import type { AttemptSummary, Delivery, DeliveryAttempt } from "../rules/delivery.ts";

const summary = {
  at: z.date(),
  durationMs: z.number(),
  status: z.int().exactOptional(),
  kind: DeliveryFailure.exactOptional(),
};
const Summary: z.ZodType<AttemptSummary> = z.object(summary);

const StoredDelivery: z.ZodType<Delivery> = z.object({
  deliveryId: z.string(),
  owner: z.string(),
  endpointId: z.string(),
  event: WebhookEventType,
  jobId: z.string().exactOptional(),
  jobType: z.string().exactOptional(),
  body: z.string().exactOptional(),
  state: DeliveryState,
  attemptCount: z.int(),
  tries: z.int(),
  nextAttemptAt: z.date().exactOptional(),
  hasReservedSlot: z.literal(true).exactOptional(),
  busyUntil: z.date().exactOptional(),
  last: Summary.exactOptional(),
  dueAt: z.date().exactOptional(),
  shard: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
  expireAt: z.date(),
});

const StoredAttempt: z.ZodType<Omit<DeliveryAttempt, "requestHeaders">> = z.object({
  ...summary,
  deliveryId: z.string(),
  owner: z.string(),
  number: z.int(),
  excerpt: z.string().exactOptional(),
  nextAttemptAt: z.date().exactOptional(),
  expireAt: z.date(),
});

const Headers = z.record(z.string(), z.string());

/** Reads the fields of `batonDeliveries/{deliveryId}`. Throws a ZodError for a damaged document. */
export function deliveryFrom(fields: Fields): Delivery {
  return StoredDelivery.parse(fromFields(fields));
}

/**
 * Writes the fields of `batonDeliveries/{deliveryId}/batonAttempts/{number}`. The headers are stored as JSON where
 * Firestore does not allow their names.
 */
export function attemptFields({ requestHeaders, ...attempt }: DeliveryAttempt): Fields {
  return { ...toFields(attempt), ...payloadFields("requestHeaders", requestHeaders) };
}

/** Reads the fields of an attempt. Throws a ZodError for a damaged document. */
export function attemptFrom(fields: Fields): DeliveryAttempt {
  const { requestHeaders: _, requestHeadersJson: __, ...rest } = fields;
  const requestHeaders = Headers.parse(payloadOf("requestHeaders", fields));
  return { ...StoredAttempt.parse(fromFields(rest)), requestHeaders };
}
