import { z } from "zod";
import { EndpointId } from "./endpoints.ts";
import { WebhookEventType } from "./events.ts";
import { JobId } from "./jobs.ts";

/** Ids of deliveries, which are the `webhook-id` on the wire. */
export const DeliveryId = z.string().regex(/^msg_[0-9a-f]{32}$/, "a delivery id is msg_ and 32 hexadecimal digits");

/**
 * `pending`: an attempt is to be made; `sending`: one is under way; `succeeded`: answered 2xx; `failed`: attempts used up, or
 * never to be sent; `held`: the endpoint is disabled; `cancelled`: it answered 410, or is gone.
 */
export const DeliveryState = z.enum(["pending", "sending", "succeeded", "failed", "held", "cancelled"]);
export type DeliveryState = z.infer<typeof DeliveryState>;

/**
 * Why a request got no answer. `blocked_destination` covers every private address alike, open, closed or filtered; `internal`: it
 * was not sent, because the deployment has no key to sign with, or cannot read it.
 */
export const DeliveryFailure = z.enum([
  "blocked_destination",
  "dns",
  "connect",
  "tls",
  "timeout",
  "protocol",
  "internal",
]);
export type DeliveryFailure = z.infer<typeof DeliveryFailure>;

/** How one request ended: `status` when it was answered, `error` when not. */
const AttemptSummaryView = z.object({
  at: z.iso.datetime(),
  /** In milliseconds. */
  durationMs: z.int().min(0),
  status: z.int().optional(),
  error: DeliveryFailure.optional(),
});

/** One event on its way to one endpoint. */
export const DeliveryView = z.object({
  deliveryId: z.string(),
  /** `job` for the job's own `webhookUrl`. */
  endpointId: z.string(),
  event: WebhookEventType,
  /** Absent for events about an endpoint. */
  jobId: z.string().optional(),
  jobType: z.string().optional(),
  state: DeliveryState,
  /** Attempts begun. */
  attemptCount: z.int().min(0),
  nextAttemptAt: z.iso.datetime().optional(),
  lastAttempt: AttemptSummaryView.optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

/** One request of a delivery, after it ended. */
export const DeliveryAttemptView = AttemptSummaryView.extend({
  /** From 1. */
  number: z.int().min(1),
  /** As sent, with signatures and the values of custom headers masked. */
  requestHeaders: z.record(z.string(), z.string()),
  /** The beginning of the answer's body, as text: escape it before a page shows it. */
  excerpt: z.string().optional(),
  /** When the next attempt was to be made. */
  nextAttemptAt: z.iso.datetime().optional(),
});
export type DeliveryAttemptView = z.infer<typeof DeliveryAttemptView>;

/** Answer of `GET /v1/deliveries/{deliveryId}`: with its attempts, the first one first, at most 100. */
export const DeliveryDetails = DeliveryView.extend({ attempts: z.array(DeliveryAttemptView) });
export type DeliveryDetails = z.infer<typeof DeliveryDetails>;

/** Query of `GET /v1/deliveries`; newest first. */
export const ListDeliveriesQuery = z.strictObject({
  /** `job` for the jobs' own `webhookUrl`s. */
  endpointId: z.union([EndpointId, z.literal("job")], "must be an endpoint's id, or job").optional(),
  jobId: JobId.optional(),
  state: DeliveryState.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The `nextCursor` of the page before; opaque. */
  cursor: z.string().min(1).max(512).optional(),
});
export type ListDeliveriesQuery = z.infer<typeof ListDeliveriesQuery>;

/** Answer of `GET /v1/deliveries`; `nextCursor` is absent on the last page. */
export const DeliveryList = z.object({ deliveries: z.array(DeliveryView), nextCursor: z.string().optional() });
export type DeliveryList = z.infer<typeof DeliveryList>;
