import { z } from "zod";
import { EndpointId } from "./endpoints.ts";
import { WebhookEventType } from "./events.ts";
import { JobId } from "./jobs.ts";

/** Id of a delivery, which is the `webhook-id` of its requests. */
export const DeliveryId = z.string().regex(/^msg_[0-9a-f]{32}$/, "a delivery id is msg_ and 32 hexadecimal digits");

/**
 * `pending`: waits for an attempt; `sending`: an attempt is in flight; `succeeded`: answered 2xx; `failed`: no attempt
 * is left, or it can never be sent; `held`: the endpoint is disabled; `cancelled`: the endpoint answered 410, or was
 * deleted.
 */
export const DeliveryState = z.enum(["pending", "sending", "succeeded", "failed", "held", "cancelled"]);
export type DeliveryState = z.infer<typeof DeliveryState>;

/**
 * The reason why a request has no answer. `blocked_destination` is the same for every private address, whether open,
 * closed or filtered. `internal`: the request was not sent, because the deployment has no readable key to sign with.
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

/** The outcome of one request: `status` with an answer, `error` without one. */
const AttemptSummaryView = z.object({
  at: z.iso.datetime(),
  /** Time of the request in milliseconds. */
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
  /** Number of attempts that were begun. */
  attemptCount: z.int().min(0),
  nextAttemptAt: z.iso.datetime().optional(),
  lastAttempt: AttemptSummaryView.optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

/** One attempt of a delivery, with its outcome. */
export const DeliveryAttemptView = AttemptSummaryView.extend({
  /** From 1. */
  number: z.int().min(1),
  /** The headers sent, with signatures and the values of custom headers masked. */
  requestHeaders: z.record(z.string(), z.string()),
  /** The beginning of the answer's body, as text. Escape it before a page shows it. */
  excerpt: z.string().optional(),
  /** The instant planned for the next attempt. */
  nextAttemptAt: z.iso.datetime().optional(),
});
export type DeliveryAttemptView = z.infer<typeof DeliveryAttemptView>;

/** Answer of `GET /v1/deliveries/{deliveryId}`: the delivery with its attempts, oldest first, at most 100. */
export const DeliveryDetails = DeliveryView.extend({ attempts: z.array(DeliveryAttemptView) });
export type DeliveryDetails = z.infer<typeof DeliveryDetails>;

/** Query of `GET /v1/deliveries`; newest first. */
export const ListDeliveriesQuery = z.strictObject({
  /** `job` for the jobs' own `webhookUrl`s. */
  endpointId: z.union([EndpointId, z.literal("job")], "must be an endpoint's id, or job").optional(),
  jobId: JobId.optional(),
  state: DeliveryState.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The `nextCursor` of the previous page; opaque. */
  cursor: z.string().min(1).max(512).optional(),
});
export type ListDeliveriesQuery = z.infer<typeof ListDeliveriesQuery>;

/** Answer of `GET /v1/deliveries`; `nextCursor` is absent on the last page. */
export const DeliveryList = z.object({ deliveries: z.array(DeliveryView), nextCursor: z.string().optional() });
export type DeliveryList = z.infer<typeof DeliveryList>;
