import { DEAD_LETTER_SUBSCRIPTION, DEAD_LETTER_TOPIC, EVENT_TOPIC } from "@baton/engine/local";
import type { FunctionProcess } from "../functions/function-process.ts";
import type { Handler } from "../http.ts";
import type { FunctionSpec } from "../manifest/manifest.ts";
import type { Deliverer, DelivererOptions, DeliveryStats } from "./delivery.ts";
import { firestoreEventHandler } from "./firestore-source.ts";
import { type PubsubRest, pubsubRest } from "./pubsub-rest.ts";
import { delivererOf } from "./route.ts";
import { createSubscription, type Source, startSource, subscriptionOf } from "./source.ts";
import { taskDoor } from "./task-door.ts";

export interface BridgeOptions {
  projectId: string;
  firestoreHost: string;
  pubsubHost: string;
  retryMinMs: number;
  retryMaxMs: number;
  /** An event older than this is given up. */
  retentionMs: number;
  /** Failed deliveries after which a job's message is a dead letter; absent: it is tried until it expires. */
  maxDeliveryAttempts?: number;
  maxConcurrency: number;
  /** The length of a schedule's minute, in milliseconds. */
  scheduledMinuteMs: number;
  /** Faults for the events of a function, if any are wanted. */
  faultsOf(spec: FunctionSpec): EventFaults | undefined;
  /** Default: no request is watched. */
  watchRequest?: WatchRequest;
  log(line: string): void;
}

/**
 * Is called when a request begins to carry an event to function `functionName`. The answer is called once, when the
 * request ends: with the function's status, which no fault has replaced yet, or with undefined when there was no
 * answer.
 */
export type WatchRequest = (functionName: string, body: Uint8Array) => (status: number | undefined) => void;

/** Makes the delivery of one function's events less reliable. */
export interface EventFaults {
  send(send: DelivererOptions["send"]): DelivererOptions["send"];
  deliverer(deliverer: Deliverer): Deliverer;
}

/** The bridge's counts for one function since the start. */
export interface BridgeStats extends DeliveryStats {
  /** Times the function's process died and was replaced. */
  restarts: number;
}

/**
 * Plays Eventarc, Cloud Scheduler and Cloud Tasks: carries messages, document events, scheduled calls and tasks to the
 * functions whose manifests ask for them.
 */
export interface Bridge {
  handleFirestoreEvent: Handler;
  /** Adds and deletes tasks. */
  handleTask: Handler;
  stats(): Record<string, BridgeStats>;
  /**
   * Follows the functions that there are now: new ones get events, those that are gone none, and one whose trigger
   * changed gets those of the new one. Events that a function has stay its own.
   */
  update(functions: readonly FunctionProcess[]): Promise<void>;
  /**
   * Forgets the messages of a Pub/Sub emulator that is dead; to be called before the next one starts. Answers how many
   * of them waited here.
   */
  losePubsub(): number;
  /** Makes topics and subscriptions in an emulator that has none; sources continue to pull. */
  restorePubsub(): Promise<void>;
  stop(): Promise<void>;
}

/** The way of events to one function. */
interface Route {
  target: FunctionProcess;
  deliverer: Deliverer;
  source: Source;
  /** Two triggers of one key are the same. */
  triggerKey: string;
}

/** The state of a bridge. */
interface Bridged {
  options: BridgeOptions;
  pubsub: PubsubRest;
  routes: Map<string, Route>;
}

/**
 * Creates topics and subscriptions, registers Firestore triggers, and starts carrying events; resolves when every
 * source is in place.
 */
export async function startBridge(functions: readonly FunctionProcess[], options: BridgeOptions): Promise<Bridge> {
  const pubsub = pubsubRest(options.pubsubHost, options.projectId);
  const routes = new Map<string, Route>();
  const bridged: Bridged = { options, pubsub, routes };
  const all = () => [...routes.values()];
  let updating: Promise<void> = Promise.resolve();
  await createTopics(bridged, functions);
  await update(bridged, functions);
  return {
    handleFirestoreEvent: firestoreEventHandler((id) => all().find(({ source }) => source.triggerId === id)?.deliverer),
    handleTask: taskDoor((name) => routes.get(name)?.source.queue),
    stats: () =>
      Object.fromEntries(
        [...routes].map(([name, { target, deliverer }]) => [
          name,
          { ...deliverer.stats(), restarts: target.restarts() },
        ]),
      ),
    update(next) {
      // Two at once would both start the source of a new function.
      const updated = updating.then(() => update(bridged, next));
      updating = updated.catch(() => {});
      return updated;
    },
    losePubsub() {
      const pulled = all().filter(({ source }) => source.forget !== undefined);
      for (const { source } of pulled) source.forget?.();
      return pulled.reduce((count, { deliverer }) => count + deliverer.forget(), 0);
    },
    restorePubsub: () =>
      createTopics(
        bridged,
        all().map(({ target }) => target),
      ),
    async stop() {
      await Promise.all(all().map(({ source }) => source.stop()));
      await Promise.all(all().map(({ deliverer }) => deliverer.stop()));
    },
  };
}

async function update(bridged: Bridged, functions: readonly FunctionProcess[]): Promise<void> {
  const { options, routes } = bridged;
  const names = new Set(functions.map(({ spec }) => spec.name));
  for (const [name, route] of routes) {
    if (names.has(name)) continue;
    routes.delete(name);
    await route.source.stop();
    await route.deliverer.stop();
  }
  for (const target of functions) {
    const { name, trigger } = target.spec;
    const triggerKey = JSON.stringify(trigger);
    const route = routes.get(name);
    if (route?.triggerKey === triggerKey) continue;
    await route?.source.stop();
    // A subscription keeps its topic for good.
    if (route?.source.forget) await bridged.pubsub.deleteSubscription(subscriptionOf(name));
    const deliverer = route?.deliverer ?? delivererOf(options, target);
    const source = await startSource({ options, pubsub: bridged.pubsub }, target.spec, deliverer);
    routes.set(name, { target, deliverer, source, triggerKey });
  }
}

/** Every topic and subscription the functions ask for, and those of dead letters. */
async function createTopics({ pubsub }: Bridged, functions: readonly FunctionProcess[]): Promise<void> {
  const wanted = functions.flatMap(({ spec: { name, trigger } }) =>
    trigger.kind === "pubsub" ? [{ topic: trigger.topic, subscription: subscriptionOf(name) }] : [],
  );
  wanted.push({ topic: DEAD_LETTER_TOPIC, subscription: DEAD_LETTER_SUBSCRIPTION });
  await pubsub.createTopic(EVENT_TOPIC);
  await Promise.all(wanted.map((each) => createSubscription(pubsub, each)));
}
