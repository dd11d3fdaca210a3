import type { WebhookEventType } from "@baton/protocol";

/** Why a webhook request got no answer. `blocked_destination` covers every private address alike, open, closed or filtered. */
export type DeliveryFailure = "blocked_destination" | "dns" | "connect" | "tls" | "timeout" | "protocol";

/** What came of one webhook request. */
export type PostOutcome = { outcome: "answered"; status: number } | { outcome: "failed"; kind: DeliveryFailure };

/**
 * `sending`: an attempt is under way until `busyUntil`; `waiting`: the last attempt failed and another may succeed.
 * The others are final: `succeeded` was answered 2xx, `failed` will not be tried again.
 */
export type DeliveryState = "sending" | "waiting" | "succeeded" | "failed";

/** One request of a delivery: `status` when it was answered, `kind` when not. */
export interface DeliveryAttempt {
  at: Date;
  durationMs: number;
  status?: number;
  kind?: DeliveryFailure;
}

/** What a delivery is about; known before its first attempt. */
export interface NewDelivery {
  /** The `webhook-id` on the wire, the same on every attempt. */
  deliveryId: string;
  owner: string;
  jobId: string;
  /** `job` for the job's own `webhookUrl`. */
  endpointId: string;
  event: WebhookEventType;
  expireAt: Date;
}

/** One event on its way to one endpoint: the document `deliveries/{deliveryId}`. */
export interface Delivery extends NewDelivery {
  state: DeliveryState;
  /** Attempts begun so far; `attempts` keeps only the last ones that ended. */
  attemptCount: number;
  attempts: DeliveryAttempt[];
  /** Present while `sending`: another sender may take over from then on. */
  busyUntil?: Date;
  createdAt: Date;
  updatedAt: Date;
}

/** Answer to a wish to send: `busy` when another sender is at it, `done` when nothing is left to send. */
export type Beginning =
  | { outcome: "begun"; delivery: Delivery }
  | { outcome: "busy"; until: Date }
  | { outcome: "done"; state: "succeeded" | "failed" };

/** What an attempt's outcome means for its delivery; `gone` also disables the endpoint. */
export type Verdict = "succeeded" | "retry" | "failed" | "gone";

/** Attempts kept in the document; older ones are dropped. */
const MAX_KEPT_ATTEMPTS = 20;

/** How long a sender may take: the transport's deadline of 15 s and the write after it, with room to spare. */
const SENDING_MS = 30_000;

/** Retries stop when the job ended this long ago: the platform gives up on the event then, too (Eventarc keeps it 24 h). */
const RETRY_WINDOW_MS = 24 * 60 * 60 * 1000;

/** Decides who may send a delivery at `now`; the store applies the answer atomically. `stored` is absent before the first attempt. */
export function beginDelivery(stored: Delivery | undefined, wanted: NewDelivery, now: Date): Beginning {
  if (stored?.state === "succeeded" || stored?.state === "failed") return { outcome: "done", state: stored.state };
  if (stored?.busyUntil && stored.busyUntil > now) return { outcome: "busy", until: stored.busyUntil };
  const before = stored ?? { ...wanted, attemptCount: 0, attempts: [], createdAt: now };
  const busyUntil = new Date(now.getTime() + SENDING_MS);
  return {
    outcome: "begun",
    delivery: { ...before, state: "sending", attemptCount: before.attemptCount + 1, busyUntil, updatedAt: now },
  };
}

/** The delivery after `attempt` ended at `now`. A success stands, whatever a slower sender reports later. */
export function endAttempt(
  stored: Delivery,
  attempt: DeliveryAttempt,
  state: Exclude<DeliveryState, "sending">,
  now: Date,
): Delivery {
  const { busyUntil: _, ...rest } = stored;
  return {
    ...rest,
    state: stored.state === "succeeded" ? "succeeded" : state,
    attempts: [...stored.attempts, attempt].slice(-MAX_KEPT_ATTEMPTS),
    updatedAt: now,
  };
}

/**
 * What an outcome means: 2xx is success, 410 ends the endpoint, a blocked destination is final for this delivery, and
 * everything else, redirects included, is worth another attempt (Standard Webhooks 1.0.0, "operational considerations").
 */
export function judgeOutcome(outcome: PostOutcome): Verdict {
  if (outcome.outcome === "failed") return outcome.kind === "blocked_destination" ? "failed" : "retry";
  if (outcome.status >= 200 && outcome.status <= 299) return "succeeded";
  return outcome.status === 410 ? "gone" : "retry";
}

/** True while a failed delivery of a job that ended at `endedAt` is tried again. */
export function isRetried(endedAt: Date, now: Date): boolean {
  return now.getTime() - endedAt.getTime() < RETRY_WINDOW_MS;
}
