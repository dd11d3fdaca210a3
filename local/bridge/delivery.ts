import { afterFailure, type RetryPolicy } from "./backoff.ts";

/** An event on its way to one function. */
export interface BridgeEvent {
  /** Names it in the log. */
  id: string;
  /** The request that carries it. `attempt` counts deliveries from 1. */
  request(attempt: number): EventRequest;
  /** Called once, when nothing more will be done about the event. */
  settled(outcome: SettledOutcome, attempts: number): void;
}

export interface EventRequest {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** How an event ended: the function took it, it failed and is not retried, too often, or for too long. */
export type SettledOutcome = "delivered" | "dropped" | "dead-letter" | "expired";

/** What the bridge counts for a function; `failed` counts deliveries, the others events (`retried`: repeats that were scheduled). */
export interface DeliveryStats {
  delivered: number;
  failed: number;
  retried: number;
  dropped: number;
  deadLettered: number;
  /** Deliveries that run now. */
  inFlight: number;
  /** The most that ever ran at once. */
  maxInFlight: number;
  /** Events that wait, for their pause to end or for a free place. */
  waiting: number;
}

export interface DelivererOptions {
  /** Deliveries at a time, at most. */
  concurrency: number;
  /** The function's own timeout: a delivery that takes longer is cut off and has failed. */
  timeoutMs: number;
  policy: RetryPolicy;
  /** Sends one request and answers the status; rejects when there was no answer. Must end when the signal aborts. */
  send(request: EventRequest, signal: AbortSignal): Promise<number>;
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
   * Gives up the events in its charge, as if their broker had lost them: what waits is never delivered, what runs now is not
   * repeated, and only what runs now and succeeds is still settled. Answers how many were waiting.
   */
  forget(): number;
  /** Cuts off what runs, forgets what waits (nothing is settled any more), and resolves when no request is left. */
  stop(): Promise<void>;
}

interface Pending {
  event: BridgeEvent;
  failures: number;
  acceptedAt: number;
  /** Aborts when the event is given up. */
  kept: AbortSignal;
}

export function createDeliverer(options: DelivererOptions): Deliverer {
  const ready: Pending[] = [];
  const pauses = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let keeping = new AbortController();
  const counts = { delivered: 0, failed: 0, retried: 0, dropped: 0, deadLettered: 0, maxInFlight: 0 };

  function startReady(): void {
    while (!stopping.signal.aborted && running.size < options.concurrency) {
      const pending = ready.shift();
      if (pending === undefined) return;
      const run = deliver(pending).finally(() => {
        running.delete(run);
        startReady();
      });
      running.add(run);
      counts.maxInFlight = Math.max(counts.maxInFlight, running.size);
    }
  }

  async function deliver(pending: Pending): Promise<void> {
    const attempt = pending.failures + 1;
    const problem = await attemptOnce(options, pending.event.request(attempt), stopping.signal);
    if (stopping.signal.aborted) return;
    if (problem === undefined) {
      counts.delivered += 1;
      pending.event.settled("delivered", attempt);
    } else {
      counts.failed += 1;
      fail({ ...pending, failures: attempt }, problem);
    }
  }

  function fail(pending: Pending, problem: string): void {
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
      const pause = setTimeout(() => {
        pauses.delete(pause);
        ready.push(pending);
        startReady();
      }, decision.delayMs);
      pauses.add(pause);
      return;
    }
    if (decision.next === "dead-letter") counts.deadLettered += 1;
    else counts.dropped += 1;
    const outcome = decision.next === "drop" ? "dropped" : decision.next === "expire" ? "expired" : "dead-letter";
    options.log(`${what}; ${outcome}`);
    event.settled(outcome, failures);
  }

  function clearPauses(): void {
    for (const pause of pauses) clearTimeout(pause);
    pauses.clear();
  }

  return {
    accept(event) {
      ready.push({ event, failures: 0, acceptedAt: options.now(), kept: keeping.signal });
      startReady();
    },
    size: () => running.size + ready.length + pauses.size,
    stats: () => ({ ...counts, inFlight: running.size, waiting: ready.length + pauses.size }),
    forget() {
      const count = ready.length + pauses.size;
      ready.length = 0;
      clearPauses();
      keeping.abort();
      keeping = new AbortController();
      return count;
    },
    async stop() {
      stopping.abort();
      clearPauses();
      await Promise.all(running);
    },
  };
}

/** Sends the request once; answers what went wrong, or undefined when the function took it (any 2xx). */
async function attemptOnce(
  options: DelivererOptions,
  request: EventRequest,
  stop: AbortSignal,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const status = await options.send(request, AbortSignal.any([timeout, stop]));
    return status >= 200 && status < 300 ? undefined : `answered ${status}`;
  } catch (error) {
    if (timeout.aborted) return `timed out after ${options.timeoutMs} ms`;
    return error instanceof Error ? error.message : String(error);
  }
}
