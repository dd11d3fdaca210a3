import { setTimeout as pause } from "node:timers/promises";
import { DEAD_LETTER_TOPIC } from "../../engine/src/platform/pubsub/topics.ts";
import { deadLetterAttributes, messagePublishedRequest, type PubsubRoute } from "./cloud-event.ts";
import type { Deliverer, SettledOutcome } from "./delivery.ts";
import type { PubsubRest, PulledMessage } from "./pubsub-rest.ts";

export interface PubsubSourceOptions {
  pubsub: PubsubRest;
  route: PubsubRoute;
  deliverer: Pick<Deliverer, "accept">;
  log(line: string): void;
}

/** Messages a function may have in its charge; the rest stays in the emulator. */
const MAX_HELD = 5_000;
/** Largest pull the emulator is asked for: production's own limit. */
const MAX_PULL = 1_000;
/** Short, so that a message whose delivery got lost comes back soon; it is renewed for as long as the bridge holds the message. */
export const ACK_DEADLINE_SECONDS = 60;
const EXTEND_EVERY_MS = 20_000;
/** After a failed call to the emulator. */
const PULL_PAUSE_MS = 500;

/** A subscription that is being pulled. */
export interface PubsubSource {
  /**
   * To be called between the end of an emulator and the start of the next one: what was pulled is not acknowledged any more. The
   * next emulator counts its acknowledgement ids from the start again, so that an old one could take a new message away.
   */
  forget(): void;
  stop(): Promise<void>;
}

/** Feeds a function with a subscription's messages, and acknowledges each when nothing more will be done about it. */
export function startPubsubSource(options: PubsubSourceOptions): PubsubSource {
  const { pubsub, route, deliverer, log } = options;
  const stopping = new AbortController();
  /** Acknowledgement ids of what this emulator waits for. */
  let held = new Set<string>();
  const acks = createAckBatch((ackIds) => pubsub.acknowledge(route.subscription, ackIds), log);

  async function settle(pulled: PulledMessage, outcome: SettledOutcome, attempts: number, ids: Set<string>) {
    try {
      if (outcome === "dead-letter") {
        const attributes = deadLetterAttributes(pulled.message, route, attempts);
        await pubsub.publish(DEAD_LETTER_TOPIC, { data: pulled.message.data, attributes });
      }
      if (ids === held) acks.add(pulled.ackId);
    } catch (error) {
      // Left unacknowledged, it comes again when its deadline ends: nothing is lost.
      log(`message ${pulled.message.messageId} could not be moved to ${DEAD_LETTER_TOPIC}: ${String(error)}`);
    } finally {
      ids.delete(pulled.ackId);
    }
  }

  function accept(pulled: PulledMessage): void {
    const ids = held.add(pulled.ackId);
    deliverer.accept({
      id: pulled.message.messageId,
      request: (attempt) => messagePublishedRequest(pulled.message, route, attempt),
      settled: (outcome, attempts) => void settle(pulled, outcome, attempts, ids),
    });
  }

  async function pullForever(): Promise<void> {
    let isFailing = false;
    while (!stopping.signal.aborted) {
      try {
        const room = Math.min(MAX_PULL, MAX_HELD - held.size);
        if (room <= 0) await pause(50, undefined, { signal: stopping.signal });
        else for (const pulled of await pubsub.pull(route.subscription, room, stopping.signal)) accept(pulled);
        isFailing = false;
      } catch (error) {
        if (stopping.signal.aborted) return;
        // Once is enough for an emulator that is away for seconds.
        if (!isFailing) log(`pulling ${route.subscription} failed: ${String(error)}`);
        isFailing = true;
        await pause(PULL_PAUSE_MS);
      }
    }
  }

  const renewal = setInterval(() => {
    if (held.size === 0) return;
    pubsub.extend(route.subscription, [...held], ACK_DEADLINE_SECONDS).catch((error: unknown) => {
      // The next renewal comes before the deadline ends.
      log(`renewing ${held.size} messages of ${route.subscription} failed: ${String(error)}`);
    });
  }, EXTEND_EVERY_MS);
  const pulling = pullForever();

  return {
    forget() {
      held = new Set();
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
