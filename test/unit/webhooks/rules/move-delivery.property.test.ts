import assert from "node:assert/strict";
import fc from "fast-check";
import type { Delivery, DeliveryCommand, Verdict } from "../../../../engine/src/webhooks/rules/delivery.ts";
import { moveDelivery, newDelivery } from "../../../../engine/src/webhooks/rules/move-delivery.ts";
import { anEnd, NOON, WANTED } from "./deliveries.ts";

const HOUR = 3_600_000;
/** Milliseconds after each attempt of a round. */
const DELAYS = [5000, 300_000, 1_800_000, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

type Wish = { afterMs: number } & (
  | { kind: "begin" | "hold" | "cancel" | "resend" }
  | { kind: "end"; verdict: Verdict; jitter: number; retryAfterMs: number; isStale: boolean }
  | { kind: "postpone"; ms: number; hasReservedSlot: boolean; isOwn: boolean }
);

const afterMs = fc.oneof(fc.constantFrom(0, 1, 5000, 30_000), fc.integer({ min: 0, max: 30 * HOUR }));
const often = { arbitrary: fc.record({ kind: fc.constant("begin" as const), afterMs }), weight: 4 };
const ending = fc.record({
  kind: fc.constant("end" as const),
  verdict: fc.constantFrom<Verdict>("retry", "retry", "retry", "retry", "succeeded", "failed", "gone"),
  jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  retryAfterMs: fc.constantFrom(0, 1, 120_000, 48 * HOUR),
  isStale: fc.boolean(),
  afterMs,
});
const postponing = fc.record({
  kind: fc.constant("postpone" as const),
  ms: fc.integer({ min: 0, max: HOUR }),
  hasReservedSlot: fc.boolean(),
  isOwn: fc.boolean(),
  afterMs,
});
const other = fc.record({ kind: fc.constantFrom("hold" as const, "cancel" as const, "resend" as const), afterMs });
const wishes = fc.array(fc.oneof(often, { arbitrary: ending, weight: 4 }, postponing, other), {
  maxLength: 80,
});

function eventOf(wish: Wish, delivery: Delivery, now: Date): DeliveryCommand {
  switch (wish.kind) {
    case "end": {
      const { verdict, jitter, retryAfterMs, isStale } = wish;
      return anEnd({ number: delivery.attemptCount - (isStale ? 1 : 0), verdict, jitter, retryAfterMs });
    }
    case "postpone": {
      const own = wish.isOwn && delivery.state === "sending" ? { number: delivery.attemptCount } : {};
      return {
        kind: "postpone",
        until: new Date(now.getTime() + wish.ms),
        hasReservedSlot: wish.hasReservedSlot,
        ...own,
      };
    }
    case "resend":
      return { kind: "resend", at: now };
    default:
      return { kind: wish.kind };
  }
}

/** Runs the wishes, one after another, and shows `look` every move. */
function run(
  given: Wish[],
  look: (before: Delivery, event: DeliveryCommand, after: Delivery, now: Date) => void,
): void {
  let delivery = newDelivery(WANTED, { state: "pending", nextAttemptAt: NOON }, NOON);
  let now = NOON;
  for (const wish of given) {
    now = new Date(now.getTime() + wish.afterMs);
    const event = eventOf(wish, delivery, now);
    const answer = moveDelivery(delivery, event, now);
    assert.equal(answer.outcome === "moved" ? answer.before : answer.delivery, delivery);
    if (answer.outcome !== "moved") continue;
    look(delivery, event, answer.delivery, now);
    delivery = answer.delivery;
  }
}

describe("a delivery, for any sequence of commands", () => {
  const holds = (look: Parameters<typeof run>[1]) =>
    fc.assert(
      fc.property(wishes, (given) => run(given, look)),
      { numRuns: 500 },
    );

  it("is sent only when it is due, and never once it is inactive", () => {
    holds((before, event, after, now) => {
      if (event.kind !== "begin" || after.state !== "sending") return;
      assert.ok(before.state === "pending" || before.state === "sending", before.state);
      assert.ok((before.nextAttemptAt ?? before.busyUntil ?? now) <= now);
    });
  });

  it("is attempted at most ten times a round", () => {
    holds((before, event, after) => {
      if (event.kind === "resend") assert.equal(after.tries, 0);
      else assert.ok(after.tries <= 10 && after.tries - before.tries <= 1);
      assert.ok(after.tries >= 0 && after.tries <= after.attemptCount);
    });
  });

  it("stays succeeded until it is resent", () => {
    holds((before, event) => {
      if (before.state === "succeeded") assert.equal(event.kind, "resend");
    });
  });

  it("never waits less than the schedule, or the receiver, says", () => {
    holds((before, event, after, now) => {
      if (event.kind !== "end" || before.state !== "sending" || after.state !== "pending") return;
      const waitMs = (after.nextAttemptAt?.getTime() ?? 0) - now.getTime();
      assert.ok(waitMs >= Math.max(DELAYS[before.tries - 1] ?? 0, Math.min(event.retryAfterMs ?? 0, 24 * HOUR)));
    });
  });

  it("has a dueAt exactly while it is pending or sending", () => {
    holds((_before, _event, after) => {
      const { state, nextAttemptAt, busyUntil, dueAt } = after;
      assert.deepEqual(dueAt, state === "pending" ? nextAttemptAt : state === "sending" ? busyUntil : undefined);
      assert.equal(nextAttemptAt !== undefined, state === "pending");
      assert.equal(busyUntil !== undefined, state === "sending");
    });
  });
});
