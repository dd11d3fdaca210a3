import fc from "fast-check";
import type { CleanUp } from "../../../../engine/src/jobs/rules/cancellation.ts";

/** Options of a submission. */
export interface Request {
  owner: Owner;
  lane?: "a" | "b";
  cache?: "own" | "public";
  delayMs?: number;
  hasCleanUp?: boolean;
  maxAttempts: number;
  /** The idempotency key, and the body that came with it. */
  key?: number;
  body: number;
}

export type Owner = "ann" | "bob" | "cleo";

/** The next act of a worker with an attempt it has, or once had. */
export type Work =
  | { does: "progress"; progress: number }
  | { does: "complete" }
  | { does: "fail"; isPermanent: boolean; delayMs: number }
  | { does: "stop"; cleanUp: CleanUp }
  | { does: "suspend"; sleepMs?: number; progress?: number }
  | { does: "die"; isMessageLost: boolean };

/** One thing that happens. `pick` chooses among what there is at that moment: jobs, messages or attempts. */
export type Action =
  | ({ kind: "submit" } & Request)
  | { kind: "deliver"; pick: number; isRepeated: boolean }
  | { kind: "work"; pick: number; work: Work }
  | { kind: "cancel" | "bury"; pick: number }
  | { kind: "sweep" | "wake" }
  | { kind: "jump"; ms: number }
  | { kind: "pubsub"; mode: PubSubMode }
  | { kind: "store"; fault: StoreFault; calls: number };

/** `unsure`: the message goes out and the publisher learns of an error. */
export type PubSubMode = "works" | "fails" | "loses" | "duplicates" | "unsure";
/** `late`: the operation takes effect, and its caller learns of an error. */
export type StoreFault = "early" | "late";

/** An action with the error of the clock it is done by, in milliseconds; not awaited, it runs beside the next ones. */
export interface Line {
  action: Action;
  skewMs: number;
  isAwaited: boolean;
}

const pick = fc.nat({ max: 40 });
const progress = fc.double({ min: -1, max: 2, noNaN: true });

function requests(given: Record<string, fc.Arbitrary<number>> = {}): fc.Arbitrary<Action> {
  const request = {
    kind: fc.constant("submit" as const),
    owner: fc.constantFrom<Owner>("ann", "bob", "cleo"),
    lane: fc.constantFrom("a" as const, "b" as const),
    cache: fc.constantFrom("own" as const, "public" as const),
    hasCleanUp: fc.boolean(),
    maxAttempts: fc.integer({ min: 1, max: 3 }),
    key: fc.nat({ max: 3 }),
    body: fc.nat({ max: 1 }),
    ...given,
  };
  return fc.record(request, { requiredKeys: ["kind", "owner", "maxAttempts", "body"] });
}

/** Acts of handlers, and the waits they ask for. */
function works(delayMs: fc.Arbitrary<number>): fc.Arbitrary<Work> {
  return fc.oneof(
    fc.record({ does: fc.constant("progress" as const), progress }),
    fc.constant<Work>({ does: "complete" }),
    fc.record({ does: fc.constant("fail" as const), isPermanent: fc.boolean(), delayMs }),
    fc.record({ does: fc.constant("stop" as const), cleanUp: fc.constantFrom<CleanUp>("done", "failed", "open") }),
    fc.record({ does: fc.constant("suspend" as const), sleepMs: delayMs, progress }, { requiredKeys: ["does"] }),
  );
}

const death = fc.record({ does: fc.constant("die" as const), isMessageLost: fc.boolean() });
const anyDelayMs = fc.constantFrom(-2000, 0, 5000, 60_000, 90_000, 3_000_000);
const deliver = fc.record({ kind: fc.constant("deliver" as const), pick, isRepeated: fc.constant(false) });
const cancel = fc.record({ kind: fc.constant("cancel" as const), pick });

const sweep = fc.constant<Action>({ kind: "sweep" });
const wake = fc.constant<Action>({ kind: "wake" });

function workOf(work: fc.Arbitrary<Work>): fc.Arbitrary<Action> {
  return fc.record({ kind: fc.constant("work" as const), pick, work });
}

const hostile = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  { weight: 8, arbitrary: requests({ delayMs: anyDelayMs }) },
  { weight: 9, arbitrary: deliver },
  {
    weight: 8,
    arbitrary: workOf(fc.oneof({ weight: 4, arbitrary: works(anyDelayMs) }, { weight: 1, arbitrary: death })),
  },
  { weight: 2, arbitrary: cancel },
  { weight: 2, arbitrary: deliver.map((given) => ({ ...given, isRepeated: true })) },
  { weight: 1, arbitrary: cancel.map(({ pick }) => ({ kind: "bury", pick })) },
  { weight: 3, arbitrary: sweep },
  { weight: 3, arbitrary: wake },
  { weight: 4, arbitrary: fc.constantFrom(-4000, 1000, 31_000, 61_000, 200_000).map((ms) => ({ kind: "jump", ms })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<PubSubMode>("works", "works", "fails", "loses", "duplicates", "unsure")
      .map((mode) => ({ kind: "pubsub", mode })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("store" as const),
      fault: fc.constantFrom<StoreFault>("early", "late"),
      calls: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

const peaceful = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  { weight: 8, arbitrary: requests() },
  { weight: 9, arbitrary: deliver },
  { weight: 8, arbitrary: workOf(works(fc.constantFrom(0, 5000))) },
  { weight: 2, arbitrary: cancel },
);

const patient = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  { weight: 8, arbitrary: requests({ delayMs: anyDelayMs }) },
  { weight: 9, arbitrary: deliver },
  { weight: 8, arbitrary: workOf(works(anyDelayMs)) },
  { weight: 2, arbitrary: cancel },
  { weight: 3, arbitrary: fc.oneof(sweep, wake) },
  { weight: 4, arbitrary: fc.constantFrom(1000, 31_000, 61_000, 3_000_000).map((ms) => ({ kind: "jump", ms })) },
);

/** Everything that can go wrong, in any order, by clocks that differ by up to six seconds. */
export const hostileScript: fc.Arbitrary<Line[]> = fc.array(
  fc.record({ action: hostile, skewMs: fc.integer({ min: -3000, max: 3000 }), isAwaited: fc.boolean() }),
  { maxLength: 80, size: "max" },
);

/**
 * Acts of people and handlers only: no message is lost, no store breaks, no worker dies, and no wait is longer than a
 * message's.
 */
export const peacefulScript: fc.Arbitrary<Line[]> = fc.array(
  fc.record({ action: peaceful, skewMs: fc.constant(0), isAwaited: fc.boolean() }),
  { maxLength: 80, size: "max" },
);

/** Acts of people and handlers, one after the other, with waits of any length: nothing is lost, and nothing breaks. */
export const patientScript: fc.Arbitrary<Line[]> = fc.array(
  fc.record({ action: patient, skewMs: fc.constant(0), isAwaited: fc.constant(true) }),
  { maxLength: 80, size: "max" },
);
