import { afterFailure, isExpired, type RetryPolicy } from "./backoff.ts";
import { type EventRequest, type Sending, sendOnce } from "./send-once.ts";

/** An event on its way to one function. */
export interface BridgeEvent {
  /** Names it in the log. */
  id: string;
  /** The request that carries it. `attempt` counts deliveries from 1. */
  request(attempt: number): EventRequest;
  /** Called once, when the event is settled: no further delivery follows. */
  settled(outcome: SettledOutcome, attempts: number): void;
}

/**
 * The outcome of an event: the function took it; or it failed, and is not retried, was retried too often, or for too
 * long.
 */
export type SettledOutcome = "delivered" | "dropped" | "dead-letter" | "expired";

/**
 * The bridge's counts for a function; `failed` counts deliveries, the others events (`retried`: repeats that were
 * scheduled; `dropped`: given up for another reason than age, which is `expired`).
 */
export interface DeliveryStats {
  delivered: number;
  failed: number;
  retried: number;
  dropped: number;
  expired: number;
  deadLettered: number;
  /** Deliveries that run now. */
  inFlight: number;
  /** The most that ever ran at once. */
  maxInFlight: number;
  /** Events that wait, for their pause to end or for a free place. */
  waiting: number;
}

export interface DelivererOptions extends Sending {
  /** Deliveries at a time, at most. */
  concurrency: number;
  policy: RetryPolicy;
  log(line: string): void;
  now(): number;
}

/** Delivers events to one function: bounded concurrency, timeout, exponential backoff, dead letters. */
export interface Deliverer {
  /** Takes charge of an event; it is kept in memory until settled. */
  accept(event: BridgeEvent): void;
  /** Events in its charge. */
  size(): number;
  stats(): DeliveryStats;
  /**
   * Gives up the events in its charge, as if their broker had lost them. Events that wait are never delivered.
   * Deliveries that run now are not repeated, and only those that succeed are still settled. Answers how many events
   * were waiting.
   */
  forget(): number;
  /** Cuts off what runs and forgets what waits; settles nothing from then on. Resolves when no request is left. */
  stop(): Promise<void>;
}

interface Pending {
  event: BridgeEvent;
  failures: number;
  acceptedAt: number;
  /** Aborts when the event is given up. */
  kept: AbortSignal;
}

/** The events of one deliverer. */
interface Charge {
  options: DelivererOptions;
  ready: Pending[];
  pauses: Set<NodeJS.Timeout>;
  running: Set<Promise<void>>;
  stopping: AbortController;
  /** Aborts when all events that were accepted so far are given up; another one follows then. */
  keeping: AbortController;
  counts: Omit<DeliveryStats, "inFlight" | "waiting">;
}

/** Creates a deliverer that has no events yet. */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const charge: Charge = {
    options,
    ready: [],
    pauses: new Set(),
    running: new Set(),
    stopping: new AbortController(),
    keeping: new AbortController(),
    counts: { delivered: 0, failed: 0, retried: 0, dropped: 0, expired: 0, deadLettered: 0, maxInFlight: 0 },
  };
  const { ready, pauses, running, counts } = charge;
  return {
    accept(event) {
      ready.push({ event, failures: 0, acceptedAt: options.now(), kept: charge.keeping.signal });
      startReady(charge);
    },
    size: () => running.size + ready.length + pauses.size,
    stats: () => ({ ...counts, inFlight: running.size, waiting: ready.length + pauses.size }),
    forget: () => forget(charge),
    async stop() {
      charge.stopping.abort();
      clearPauses(charge);
      await Promise.all(running);
    },
  };
}

function startReady(charge: Charge): void {
  const { options, ready, running, stopping, counts } = charge;
  while (!stopping.signal.aborted && running.size < options.concurrency) {
    const pending = ready.shift();
    if (pending === undefined) return;
    if (isExpired(options.policy, options.now() - pending.acceptedAt)) {
      counts.expired += 1;
      options.log(`event ${pending.event.id} expired before delivery ${pending.failures + 1}`);
      pending.event.settled("expired", pending.failures);
      continue;
    }
    const run = deliver(charge, pending).finally(() => {
      running.delete(run);
      startReady(charge);
    });
    running.add(run);
    counts.maxInFlight = Math.max(counts.maxInFlight, running.size);
  }
}

async function deliver(charge: Charge, pending: Pending): Promise<void> {
  const { options, stopping, counts } = charge;
  const attempt = pending.failures + 1;
  const problem = await sendOnce(options, pending.event.request(attempt), stopping.signal);
  if (stopping.signal.aborted) return;
  if (problem === undefined) {
    counts.delivered += 1;
    pending.event.settled("delivered", attempt);
  } else {
    counts.failed += 1;
    fail(charge, { ...pending, failures: attempt }, problem);
  }
}

/** How an event is settled, and counted, that is not delivered again. */
const GIVEN_UP = {
  drop: { outcome: "dropped", count: "dropped" },
  expire: { outcome: "expired", count: "expired" },
  "dead-letter": { outcome: "dead-letter", count: "deadLettered" },
} as const;

function fail(charge: Charge, pending: Pending, problem: string): void {
  const { options, counts } = charge;
  const { event, failures, acceptedAt } = pending;
  const decision = afterFailure(options.policy, failures, options.now() - acceptedAt);
  const what = `event ${event.id}, delivery ${failures}: ${problem}`;
  if (pending.kept.aborted) {
    options.log(`${what}; forgotten`);
    return;
  }
  if (decision.next === "retry") {
    counts.retried += 1;
    options.log(`${what}; again in ${decision.delayMs} ms`);
    retryIn(charge, pending, decision.delayMs);
    return;
  }
  const { outcome, count } = GIVEN_UP[decision.next];
  counts[count] += 1;
  options.log(`${what}; ${outcome}`);
  event.settled(outcome, failures);
}

function retryIn(charge: Charge, pending: Pending, delayMs: number): void {
  const { ready, pauses } = charge;
  const pause = setTimeout(() => {
    pauses.delete(pause);
    ready.push(pending);
    startReady(charge);
  }, delayMs);
  pauses.add(pause);
}

function forget(charge: Charge): number {
  const { ready, pauses, keeping } = charge;
  const count = ready.length + pauses.size;
  ready.length = 0;
  clearPauses(charge);
  keeping.abort();
  charge.keeping = new AbortController();
  return count;
}

function clearPauses({ pauses }: Charge): void {
  for (const pause of pauses) clearTimeout(pause);
  pauses.clear();
}
