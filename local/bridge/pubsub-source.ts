import { setTimeout as pause } from "node:timers/promises";
import { DEAD_LETTER_TOPIC } from "@baton/engine/local";
import { deadLetterAttributes, messagePublishedRequest, type PubsubRoute } from "./cloud-event.ts";
import type { Deliverer, SettledOutcome } from "./delivery.ts";
import type { PubsubRest, PulledMessage } from "./pubsub-rest.ts";

export interface PubsubSourceOptions {
  pubsub: PubsubRest;
  route: PubsubRoute;
  deliverer: Pick<Deliverer, "accept">;
  log(line: string): void;
}

/** Messages of a function that may be unsettled at once; the rest stays in the emulator. */
const MAX_UNSETTLED = 5_000;
/** Largest pull: production's own limit. */
const MAX_PULL = 1_000;
/**
 * Short, so that a message whose delivery got lost comes back soon. The bridge renews it until the message is settled.
 */
export const ACK_DEADLINE_SECONDS = 60;
const EXTEND_EVERY_MS = 20_000;
/** After a failed call to the emulator. */
const PULL_PAUSE_MS = 500;

/** A subscription that is being pulled. */
export interface PubsubSource {
  /**
   * Forgets what was pulled: nothing of it is acknowledged any more. To be called between the end of an emulator and
   * the start of the next one, which counts its acknowledgement ids from the start again: an old id could take a new
   * message away.
   */
  forget(): void;
  /** Stops pulling, and resolves when the last acknowledgements are sent. */
  stop(): Promise<void>;
}

/** The state of one source. */
interface Pulling extends PubsubSourceOptions {
  /** Acknowledgement ids of the messages that this emulator waits for. */
  unsettled: Set<string>;
  acks: ReturnType<typeof createAckBatch>;
  /** Aborts when the source is stopped. */
  stopped: AbortSignal;
}

/** Feeds a function with the messages of a subscription, and acknowledges each one when it is settled. */
export function startPubsubSource(options: PubsubSourceOptions): PubsubSource {
  const { pubsub, route, log } = options;
  const stopping = new AbortController();
  const acks = createAckBatch((ackIds) => pubsub.acknowledge(route.subscription, ackIds), log);
  const source: Pulling = { ...options, unsettled: new Set(), acks, stopped: stopping.signal };
  const renewal = setInterval(() => renewDeadlines(source), EXTEND_EVERY_MS);
  const pulling = pullForever(source);
  return {
    forget() {
      source.unsettled = new Set();
      acks.forget();
    },
    async stop() {
      stopping.abort();
      clearInterval(renewal);
      await pulling;
      await acks.flush();
    },
  };
}

async function pullForever(source: Pulling): Promise<void> {
  const { pubsub, route, stopped, log } = source;
  let isFailing = false;
  while (!stopped.aborted) {
    try {
      const room = Math.min(MAX_PULL, MAX_UNSETTLED - source.unsettled.size);
      if (room <= 0) await pause(50, undefined, { signal: stopped });
      else for (const pulled of await pubsub.pull(route.subscription, room, stopped)) accept(source, pulled);
      isFailing = false;
    } catch (error) {
      if (stopped.aborted) return;
      // An emulator that is away for seconds is worth one line.
      if (!isFailing) log(`pulling ${route.subscription} failed: ${String(error)}`);
      isFailing = true;
      await pause(PULL_PAUSE_MS);
    }
  }
}

function accept(source: Pulling, pulled: PulledMessage): void {
  const { deliverer, route, unsettled } = source;
  unsettled.add(pulled.ackId);
  deliverer.accept({
    id: pulled.message.messageId,
    request: (attempt) => messagePublishedRequest(pulled.message, route, attempt),
    settled: (outcome, attempts) => void settle(source, pulled, { outcome, attempts, ids: unsettled }),
  });
}

/** `ids` are those of the emulator that gave the message: another one must not see its acknowledgement. */
async function settle(
  source: Pulling,
  pulled: PulledMessage,
  { outcome, attempts, ids }: { outcome: SettledOutcome; attempts: number; ids: Set<string> },
): Promise<void> {
  const { pubsub, route, acks, log } = source;
  try {
    if (outcome === "dead-letter") {
      const attributes = deadLetterAttributes(pulled.message, route, attempts);
      await pubsub.publish(DEAD_LETTER_TOPIC, { data: pulled.message.data, attributes });
    }
    if (ids === source.unsettled) acks.add(pulled.ackId);
  } catch (error) {
    // A message that is not acknowledged comes again when its deadline ends: nothing is lost.
    log(`message ${pulled.message.messageId} could not be moved to ${DEAD_LETTER_TOPIC}: ${String(error)}`);
  } finally {
    ids.delete(pulled.ackId);
  }
}

function renewDeadlines({ pubsub, route, unsettled, log }: Pulling): void {
  if (unsettled.size === 0) return;
  pubsub.extend(route.subscription, [...unsettled], ACK_DEADLINE_SECONDS).catch((error: unknown) => {
    // The next renewal comes before the deadline ends.
    log(`renewing ${unsettled.size} messages of ${route.subscription} failed: ${String(error)}`);
  });
}

/** Collects what one turn of the event loop acknowledges, and sends it in one call. */
function createAckBatch(send: (ackIds: string[]) => Promise<void>, log: (line: string) => void) {
  let waiting: string[] = [];
  let flushing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    flushing = flushing.then(async () => {
      const ackIds = waiting;
      waiting = [];
      if (ackIds.length === 0) return;
      // A lost acknowledgement means one more delivery, which functions must bear anyway.
      await send(ackIds).catch((error: unknown) =>
        log(`acknowledging ${ackIds.length} messages failed: ${String(error)}`),
      );
    });
    return flushing;
  }
  return {
    add(ackId: string): void {
      waiting.push(ackId);
      if (waiting.length === 1) setImmediate(() => void flush());
    },
    forget(): void {
      waiting = [];
    },
    flush,
  };
}
