import type { DeliveryFailure, DeliveryState, WebhookEventType } from "@baton/protocol";

export type { DeliveryFailure, DeliveryState } from "@baton/protocol";

/** The outcome of one webhook request. */
export type PostOutcome =
  | {
      outcome: "answered";
      status: number;
      /** The stored beginning of the body: 20 KB at most, as text. Empty when there was none. */
      excerpt: string;
      /** The header as it came. */
      retryAfter?: string;
    }
  | { outcome: "failed"; kind: DeliveryFailure };

/** The facts of a delivery before its first attempt. */
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
  /** The JSON text of an event about an endpoint. The body of any other event is built from its result. */
  body?: string;
  expireAt: Date;
}

/** One event on its way to one endpoint: the document `batonDeliveries/{deliveryId}`. */
export interface Delivery extends NewDelivery {
  state: DeliveryState;
  /** Attempts begun, ever. */
  attemptCount: number;
  /** Attempts begun since the delivery was created or last sent again: the position in the schedule. */
  tries: number;
  /** Present while `pending`. */
  nextAttemptAt?: Date;
  /** True when `nextAttemptAt` is a slot reserved from the endpoint's rate limit. */
  hasReservedSlot?: true;
  /** Present while `sending`: another sender may take over from this instant. */
  busyUntil?: Date;
  /** The last recorded attempt. */
  last?: AttemptSummary;
  /** When the sweep looks; present while `pending` or `sending`. */
  dueAt?: Date;
  /** 0 to 15, of the id. */
  shard: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The outcome of an attempt: `status` when the request was answered, `kind` when not. */
export interface AttemptSummary {
  at: Date;
  durationMs: number;
  status?: number;
  kind?: DeliveryFailure;
}

/**
 * One request: the document `batonDeliveries/{deliveryId}/batonAttempts/{number}`, written once, when its outcome is
 * known.
 */
export interface DeliveryAttempt extends AttemptSummary {
  deliveryId: string;
  owner: string;
  /** From 1. */
  number: number;
  /** As sent, with signatures and the values of custom headers masked. */
  requestHeaders: Record<string, string>;
  /** The stored beginning of the response's body. */
  excerpt?: string;
  /** When the next attempt is due, if there is one. */
  nextAttemptAt?: Date;
  expireAt: Date;
}

/** A command to a delivery. `jitter` is a random number from 0 up to 1. */
export type DeliveryCommand =
  | { kind: "begin" }
  | {
      kind: "end";
      /** The number of the attempt. The command is refused once another attempt has begun. */
      number: number;
      attempt: Omit<DeliveryAttempt, "deliveryId" | "owner" | "number" | "nextAttemptAt" | "expireAt">;
      verdict: Verdict;
      /** The wait that the receiver asked for. It never shortens the schedule. */
      retryAfterMs?: number;
      jitter: number;
    }
  /**
   * Not sent and not counted: the endpoint is paused, busy or over its rate limit. `number` is that of the attempt that
   * was begun and is not made; absent when none was begun.
   */
  | { kind: "postpone"; until: Date; hasReservedSlot: boolean; number?: number }
  | { kind: "hold" }
  | { kind: "cancel" }
  /** Sends the delivery again, with a new schedule that begins at `at`. */
  | { kind: "resend"; at: Date };

/** The consequence of an outcome for its delivery. `gone` also disables the endpoint. */
export type Verdict = "succeeded" | "retry" | "failed" | "gone";

/**
 * The answer to a command. `record` is written in the same commit. `inactive`: the delivery is neither pending nor
 * sending. `superseded`: another attempt has begun.
 */
export type DeliveryTransition =
  | { outcome: "moved"; before: Delivery; delivery: Delivery; record?: DeliveryAttempt }
  | { outcome: "refused"; reason: "busy" | "early"; until: Date; delivery: Delivery }
  | { outcome: "refused"; reason: "inactive" | "superseded"; delivery: Delivery };
