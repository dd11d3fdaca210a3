import type { Delivery, DeliveryCommand, NewDelivery } from "../../../../engine/src/webhooks/rules/delivery.ts";

/** Noon, when the deliveries of these tests are created. */
export const NOON = new Date("2026-01-01T12:00:00.000Z");
/** An instant `ms` milliseconds after noon. */
export const at = (ms: number) => new Date(NOON.getTime() + ms);

export const WANTED: NewDelivery = {
  deliveryId: "msg_0123456789abcdef0123456789abcdef",
  owner: "alice",
  endpointId: "endpoint1",
  event: "job.completed",
  jobId: "aaaaaaaaaaaaaaaaaaaa",
  jobType: "test.job",
  expireAt: new Date("2026-01-31T12:00:00.000Z"),
};

/** The end of an attempt that was answered 500, or as `given` says. */
export function anEnd(given: Partial<Extract<DeliveryCommand, { kind: "end" }>> = {}): DeliveryCommand {
  const attempt = { at: NOON, durationMs: 20, status: 500, requestHeaders: { "webhook-id": "msg_x" } };
  return { kind: "end", number: 1, attempt, verdict: "retry", jitter: 0, ...given };
}

/** The state of a delivery, with its fields that a test compares. */
export function gist({ state, attemptCount, tries, nextAttemptAt, hasReservedSlot, busyUntil, dueAt }: Delivery) {
  return {
    state,
    attemptCount,
    tries,
    ...(nextAttemptAt && { nextAttemptAt }),
    ...(hasReservedSlot && { hasReservedSlot }),
    ...(busyUntil && { busyUntil }),
    ...(dueAt && { dueAt }),
  };
}
