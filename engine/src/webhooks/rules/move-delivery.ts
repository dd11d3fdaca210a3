import { shardOf } from "../../kit/shard.ts";
import type { Delivery, DeliveryAttempt, DeliveryCommand, DeliveryTransition, NewDelivery } from "./delivery.ts";
import { MAX_TRIES, nextAttemptAt } from "./schedule.ts";

/** How long a sender may take: the deadline of the request, 15 s, and the write after it, with a margin. */
const SENDING_MS = 30_000;

/** How a delivery begins: with its first attempt under way, pending, or held for a disabled endpoint. */
export type Start = { state: "sending" } | { state: "pending"; nextAttemptAt: Date } | { state: "held" };

/** Creates a delivery. One that begins as `sending` has its first attempt counted. */
export function newDelivery(wanted: NewDelivery, start: Start, now: Date): Delivery {
  const common = { ...wanted, attemptCount: 0, tries: 0, shard: shardOf(wanted.deliveryId), createdAt: now };
  const idle: Delivery = { ...common, state: "held", updatedAt: now };
  if (start.state === "sending") return sending(idle, now);
  return start.state === "pending" ? pending(idle, start.nextAttemptAt, now) : idle;
}

/**
 * Decides how `command` changes `delivery` at `now`. Pure; the store applies the answer atomically. Only `resend`
 * leaves `succeeded`, and only pending and sending deliveries are sent. An attempt whose delivery was held, cancelled
 * or resent meanwhile is still recorded, and its success still counts.
 */
export function moveDelivery(delivery: Delivery, command: DeliveryCommand, now: Date): DeliveryTransition {
  switch (command.kind) {
    case "begin":
      return begin(delivery, now);
    case "end":
      return end(delivery, command, now);
    case "postpone":
      return postpone(delivery, command, now);
    case "hold":
      return isUnderWay(delivery) ? moved(delivery, idle(delivery, "held", now)) : refused(delivery, "inactive");
    case "cancel":
      return isUnderWay(delivery) || delivery.state === "held"
        ? moved(delivery, idle(delivery, "cancelled", now))
        : refused(delivery, "inactive");
    case "resend":
      if (isBusy(delivery, now) || isAboutToBegin(delivery, now)) return busy(delivery, now);
      return moved(delivery, { ...pending(delivery, command.at, now), tries: 0 });
  }
}

/**
 * Begins an attempt. An attempt without a record is repeated once its sender is late, unless it was the last of its
 * schedule.
 */
function begin(delivery: Delivery, now: Date): DeliveryTransition {
  if (!isUnderWay(delivery)) return refused(delivery, "inactive");
  if (isBusy(delivery, now)) return busy(delivery, now);
  if (delivery.nextAttemptAt && delivery.nextAttemptAt > now) {
    return { outcome: "refused", reason: "early", until: delivery.nextAttemptAt, delivery };
  }
  const isUsedUp = delivery.tries >= MAX_TRIES;
  return moved(delivery, isUsedUp ? idle(delivery, "failed", now) : sending(delivery, now));
}

function end(delivery: Delivery, command: Extract<DeliveryCommand, { kind: "end" }>, now: Date): DeliveryTransition {
  if (command.number !== delivery.attemptCount) return refused(delivery, "superseded");
  if (delivery.state === "succeeded") return refused(delivery, "inactive");
  const { at, durationMs, status, kind } = command.attempt;
  const last = { at, durationMs, ...(status !== undefined && { status }), ...(kind !== undefined && { kind }) };
  const after = { ...afterVerdict(delivery, command, now), last };
  const { deliveryId, owner, expireAt } = delivery;
  const record: DeliveryAttempt = {
    ...command.attempt,
    deliveryId,
    owner,
    number: command.number,
    ...(after.nextAttemptAt && { nextAttemptAt: after.nextAttemptAt }),
    expireAt,
  };
  return { ...moved(delivery, after), record };
}

function afterVerdict(delivery: Delivery, command: Extract<DeliveryCommand, { kind: "end" }>, now: Date): Delivery {
  if (command.verdict === "succeeded") return idle(delivery, "succeeded", now);
  if (command.verdict === "gone" && delivery.state !== "failed") return idle(delivery, "cancelled", now);
  // Held, cancelled, failed or resent since the attempt began.
  if (delivery.state !== "sending") return { ...delivery, updatedAt: now };
  const next =
    command.verdict === "retry" ? nextAttemptAt(delivery.tries, now, command.jitter, command.retryAfterMs) : undefined;
  return next ? pending(delivery, next, now) : idle(delivery, "failed", now);
}

/** Postpones the delivery. An attempt that was begun is not counted, and its number is used again. */
function postpone(
  delivery: Delivery,
  command: Extract<DeliveryCommand, { kind: "postpone" }>,
  now: Date,
): DeliveryTransition {
  if (!isUnderWay(delivery)) return refused(delivery, "inactive");
  const begun = delivery.state === "sending" ? delivery.attemptCount : undefined;
  if (begun !== command.number) return refused(delivery, "superseded");
  const { nextAttemptAt: due } = delivery;
  const waiting = pending(delivery, due && due > command.until ? due : command.until, now);
  const uncounted = begun === undefined ? waiting : { ...waiting, attemptCount: begun - 1, tries: waiting.tries - 1 };
  return moved(delivery, command.hasReservedSlot ? { ...uncounted, hasReservedSlot: true } : uncounted);
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
 * Says whether the first attempt of the schedule is due soon. So of two concurrent requests to resend, by clocks that
 * differ a little, one is granted.
 */
function isAboutToBegin({ state, tries, nextAttemptAt }: Delivery, now: Date): boolean {
  const soon = now.getTime() + SENDING_MS;
  return state === "pending" && tries === 0 && nextAttemptAt !== undefined && nextAttemptAt.getTime() <= soon;
}

function moved(before: Delivery, delivery: Delivery): Extract<DeliveryTransition, { outcome: "moved" }> {
  return { outcome: "moved", before, delivery };
}

function refused(delivery: Delivery, reason: "inactive" | "superseded"): DeliveryTransition {
  return { outcome: "refused", reason, delivery };
}

function busy(delivery: Delivery, now: Date): DeliveryTransition {
  return { outcome: "refused", reason: "busy", until: delivery.busyUntil ?? delivery.nextAttemptAt ?? now, delivery };
}
