import { shardOf } from "../../kit/shard.ts";
import type { Delivery, DeliveryAttempt, DeliveryCommand, DeliveryTransition, NewDelivery } from "./delivery.ts";
import { MAX_TRIES, nextAttemptAt } from "./schedule.ts";

/** How long a sender may take: the transport's deadline of 15 s and the write after it, with room to spare. */
const SENDING_MS = 30_000;

/**
 * How a delivery begins its life: with its first attempt under way, waiting for it, or held for a disabled endpoint.
 */
export type Start = { state: "sending" } | { state: "pending"; nextAttemptAt: Date } | { state: "held" };

/** A delivery that was not there before. One that begins as `sending` has its first attempt counted already. */
export function newDelivery(wanted: NewDelivery, start: Start, now: Date): Delivery {
  const common = { ...wanted, attemptCount: 0, tries: 0, shard: shardOf(wanted.deliveryId), createdAt: now };
  const idle: Delivery = { ...common, state: "held", updatedAt: now };
  if (start.state === "sending") return sending(idle, now);
  return start.state === "pending" ? pending(idle, start.nextAttemptAt, now) : idle;
}

/**
 * Decides what `event` makes of `delivery` at `now`. Pure; the store applies the answer atomically. Nothing but a wish
 * to send again leaves `succeeded`, and nothing is sent in a final state. An attempt that ends after its delivery was
 * held, cancelled or asked for again is still recorded, and its success still counts.
 */
export function moveDelivery(delivery: Delivery, event: DeliveryCommand, now: Date): DeliveryTransition {
  switch (event.kind) {
    case "begin":
      return begin(delivery, now);
    case "end":
      return end(delivery, event, now);
    case "postpone":
      return postpone(delivery, event, now);
    case "hold":
      return isUnderWay(delivery) ? moved(delivery, idle(delivery, "held", now)) : refused(delivery, "done");
    case "cancel":
      return isUnderWay(delivery) || delivery.state === "held"
        ? moved(delivery, idle(delivery, "cancelled", now))
        : refused(delivery, "done");
    case "resend":
      if (isBusy(delivery, now) || isAboutToBegin(delivery, now)) return busy(delivery, now);
      return moved(delivery, { ...pending(delivery, event.at, now), tries: 0 });
  }
}

/** A sender that never said what came of its attempt is gone: the attempt is made again, unless it was the last. */
function begin(delivery: Delivery, now: Date): DeliveryTransition {
  if (!isUnderWay(delivery)) return refused(delivery, "done");
  if (isBusy(delivery, now)) return busy(delivery, now);
  if (delivery.nextAttemptAt && delivery.nextAttemptAt > now) {
    return { outcome: "refused", reason: "early", until: delivery.nextAttemptAt, delivery };
  }
  const isUsedUp = delivery.tries >= MAX_TRIES;
  return moved(delivery, isUsedUp ? idle(delivery, "failed", now) : sending(delivery, now));
}

function end(delivery: Delivery, event: Extract<DeliveryCommand, { kind: "end" }>, now: Date): DeliveryTransition {
  if (event.number !== delivery.attemptCount) return refused(delivery, "superseded");
  if (delivery.state === "succeeded") return refused(delivery, "done");
  const { at, durationMs, status, kind } = event.attempt;
  const last = { at, durationMs, ...(status !== undefined && { status }), ...(kind !== undefined && { kind }) };
  const after = { ...afterVerdict(delivery, event, now), last };
  const { deliveryId, owner, expireAt } = delivery;
  const record: DeliveryAttempt = {
    ...event.attempt,
    deliveryId,
    owner,
    number: event.number,
    ...(after.nextAttemptAt && { nextAttemptAt: after.nextAttemptAt }),
    expireAt,
  };
  return { ...moved(delivery, after), record };
}

function afterVerdict(delivery: Delivery, event: Extract<DeliveryCommand, { kind: "end" }>, now: Date): Delivery {
  if (event.verdict === "succeeded") return idle(delivery, "succeeded", now);
  if (event.verdict === "gone" && delivery.state !== "failed") return idle(delivery, "cancelled", now);
  // It was held, cancelled, given up or asked for again in the meantime.
  if (delivery.state !== "sending") return { ...delivery, updatedAt: now };
  const next =
    event.verdict === "retry" ? nextAttemptAt(delivery.tries, now, event.jitter, event.retryAfterMs) : undefined;
  return next ? pending(delivery, next, now) : idle(delivery, "failed", now);
}

/** The attempt that was begun, if any, is taken back: its number is given again. */
function postpone(
  delivery: Delivery,
  event: Extract<DeliveryCommand, { kind: "postpone" }>,
  now: Date,
): DeliveryTransition {
  if (!isUnderWay(delivery)) return refused(delivery, "done");
  const begun = delivery.state === "sending" ? delivery.attemptCount : undefined;
  if (begun !== event.number) return refused(delivery, "superseded");
  const { nextAttemptAt: due } = delivery;
  const waiting = pending(delivery, due && due > event.until ? due : event.until, now);
  const uncounted = begun === undefined ? waiting : { ...waiting, attemptCount: begun - 1, tries: waiting.tries - 1 };
  return moved(delivery, event.hasReservedSlot ? { ...uncounted, hasReservedSlot: true } : uncounted);
}

function sending(delivery: Delivery, now: Date): Delivery {
  const busyUntil = new Date(now.getTime() + SENDING_MS);
  const { attemptCount, tries } = delivery;
  const counted = { ...unscheduled(delivery), attemptCount: attemptCount + 1, tries: tries + 1 };
  return { ...counted, state: "sending", busyUntil, dueAt: busyUntil, updatedAt: now };
}

function pending(delivery: Delivery, nextAttemptAt: Date, now: Date): Delivery {
  return { ...unscheduled(delivery), state: "pending", nextAttemptAt, dueAt: nextAttemptAt, updatedAt: now };
}

function idle(delivery: Delivery, state: "succeeded" | "failed" | "held" | "cancelled", now: Date): Delivery {
  return { ...unscheduled(delivery), state, updatedAt: now };
}

function unscheduled({
  nextAttemptAt: _,
  hasReservedSlot: __,
  busyUntil: ___,
  dueAt: ____,
  ...rest
}: Delivery): Delivery {
  return rest;
}

function isUnderWay({ state }: Delivery): boolean {
  return state === "pending" || state === "sending";
}

function isBusy({ busyUntil }: Delivery, now: Date): boolean {
  return busyUntil !== undefined && busyUntil > now;
}

/**
 * True while the first attempt of its schedule is due. So of two requests to send again at the same moment, by clocks
 * that differ a little, one is granted.
 */
function isAboutToBegin({ state, tries, nextAttemptAt }: Delivery, now: Date): boolean {
  const soon = now.getTime() + SENDING_MS;
  return state === "pending" && tries === 0 && nextAttemptAt !== undefined && nextAttemptAt.getTime() <= soon;
}

function moved(before: Delivery, delivery: Delivery): Extract<DeliveryTransition, { outcome: "moved" }> {
  return { outcome: "moved", before, delivery };
}

function refused(delivery: Delivery, reason: "done" | "superseded"): DeliveryTransition {
  return { outcome: "refused", reason, delivery };
}

function busy(delivery: Delivery, now: Date): DeliveryTransition {
  return { outcome: "refused", reason: "busy", until: delivery.busyUntil ?? delivery.nextAttemptAt ?? now, delivery };
}
