import type { DeliveryFailure, DeliveryState, WebhookEventType } from "@baton/protocol";

export type { DeliveryFailure, DeliveryState } from "@baton/protocol";

/** What came of one webhook request. */
export type PostOutcome =
  | {
      outcome: "answered";
      status: number;
      /** As much of the body as is kept: 20 KB at most, as text. Empty when there was none. */
      excerpt: string;
      /** The header as it came. */
      retryAfter?: string;
    }
  | { outcome: "failed"; kind: DeliveryFailure };

/** What a delivery is about; known before its first attempt. */
export interface NewDelivery {
  /** The `webhook-id` on the wire, the same on every attempt: `msg_` + 32 hexadecimal digits. */
  deliveryId: string;
  owner: string;
  /** `job` for the job's own `webhookUrl`. */
  endpointId: string;
  event: WebhookEventType;
  /** The job the event is about; absent for events about an endpoint. */
  jobId?: string;
  /** The type of that job. */
  jobType?: string;
  /** The JSON text of an event that no result tells of: those about endpoints. */
  body?: string;
  expireAt: Date;
}

/** One event on its way to one endpoint: the document `deliveries/{deliveryId}`. */
export interface Delivery extends NewDelivery {
  state: DeliveryState;
  /** Attempts begun, ever. */
  attemptCount: number;
  /** Attempts begun since the delivery was created, or last asked for again: the place in the schedule. */
  tries: number;
  /** Present while `pending`. */
  nextAttemptAt?: Date;
  /** True once `nextAttemptAt` was given out by the endpoint's rate limit. */
  hasReservedSlot?: true;
  /** Present while `sending`: another sender may take over from then on. */
  busyUntil?: Date;
  /** The last attempt that ended. */
  last?: AttemptSummary;
  /** When the sweep looks; present while `pending` or `sending`. */
  dueAt?: Date;
  /** 0 to 15, of the id. */
  shard: number;
  createdAt: Date;
  updatedAt: Date;
}

/** `status` when the request was answered, `kind` when not. */
export interface AttemptSummary {
  at: Date;
  durationMs: number;
  status?: number;
  kind?: DeliveryFailure;
}

/** One request: the document `deliveries/{deliveryId}/attempts/{number}`, written once, when it has ended. */
export interface DeliveryAttempt extends AttemptSummary {
  deliveryId: string;
  owner: string;
  /** From 1. */
  number: number;
  /** As sent, with signatures and the values of custom headers masked. */
  requestHeaders: Record<string, string>;
  /** As much of the answer's body as is kept. */
  excerpt?: string;
  /** When the next attempt is to be made, if one is. */
  nextAttemptAt?: Date;
  expireAt: Date;
}

/** What may happen to a delivery. `jitter` is a random number from 0 up to 1. */
export type DeliveryCommand =
  | { kind: "begin" }
  | {
      kind: "end";
      /** Of the attempt that ended: a slower sender's word does not count once another has begun. */
      number: number;
      attempt: Omit<DeliveryAttempt, "deliveryId" | "owner" | "number" | "nextAttemptAt" | "expireAt">;
      verdict: Verdict;
      /** What the receiver asked for; never shortens the schedule. */
      retryAfterMs?: number;
      jitter: number;
    }
  /**
   * Not sent, and not counted: the endpoint is paused, busy, or out of its rate. `number` is that of the attempt that
   * was begun and is not made after all; absent when none was.
   */
  | { kind: "postpone"; until: Date; hasReservedSlot: boolean; number?: number }
  | { kind: "hold" }
  | { kind: "cancel" }
  /** Sent again, by a new schedule that begins at `at`. */
  | { kind: "resend"; at: Date };

/** What an attempt's outcome means for its delivery; `gone` also disables the endpoint. */
export type Verdict = "succeeded" | "retry" | "failed" | "gone";

/** `record` is what the same commit writes beside the delivery. */
export type DeliveryTransition =
  | { outcome: "moved"; before: Delivery; delivery: Delivery; record?: DeliveryAttempt }
  | { outcome: "refused"; reason: "busy" | "early"; until: Date; delivery: Delivery }
  | { outcome: "refused"; reason: "done" | "superseded"; delivery: Delivery };
