import {
  DEAD_LETTER_SUBSCRIPTION,
  DEAD_LETTER_TOPIC,
  EVENT_TOPIC,
  isQueueTopic,
} from "../../engine/src/platform/pubsub/topics.ts";
import type { FunctionProcess } from "../functions/function-process.ts";
import { sendEvent } from "../functions/send-event.ts";
import type { Handler } from "../http.ts";
import type { FunctionSpec } from "../manifest.ts";
import type { RetryPolicy } from "./backoff.ts";
import { createDeliverer, type Deliverer, type DelivererOptions, type DeliveryStats } from "./delivery.ts";
import { type FirestoreTarget, firestoreEventHandler, registerTrigger } from "./firestore-source.ts";
import { type PubsubRest, pubsubRest } from "./pubsub-rest.ts";
import { ACK_DEADLINE_SECONDS, type PubsubSource, startPubsubSource } from "./pubsub-source.ts";
import { startScheduleSource } from "./schedule-source.ts";

export interface BridgeOptions {
  functions: FunctionProcess[];
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
 * Plays Eventarc and Cloud Scheduler: carries messages, document events and scheduled calls to the functions whose
 * manifests ask for them.
 */
export interface Bridge {
  handleFirestoreEvent: Handler;
  stats(): Record<string, BridgeStats>;
  /**
   * Forgets the messages of a Pub/Sub emulator that is dead; to be called before the next one starts. Answers how many
   * of them waited here.
   */
  losePubsub(): number;
  /** Makes topics and subscriptions in an emulator that has none; sources continue to pull. */
  restorePubsub(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Creates topics and subscriptions, registers Firestore triggers, and starts carrying events; resolves when every
 * source is in place.
 */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const pubsub = pubsubRest(options.pubsubHost, options.projectId);
  await createTopics(options, pubsub);
  const deliverers = new Map(options.functions.map((target) => [target, delivererOf(options, target)]));
  const firestoreTargets: FirestoreTarget[] = [];
  const sources: Array<{ stop(): Promise<void> }> = [];
  const pulled: Array<{ source: PubsubSource; deliverer: Deliverer }> = [];
  for (const [target, deliverer] of deliverers) {
    const { spec } = target;
    if (spec.trigger.kind === "pubsub") {
      const source = startPulling(options, pubsub, spec.name, spec.trigger.topic, deliverer);
      sources.push(source);
      pulled.push({ source, deliverer });
    } else if (spec.trigger.kind === "firestore") {
      const firestoreTarget = { spec, trigger: spec.trigger, deliverer };
      firestoreTargets.push(firestoreTarget);
      await registerTrigger(options.firestoreHost, options.projectId, firestoreTarget);
    } else if (spec.trigger.kind === "schedule") {
      sources.push(startScheduleSource(spec.trigger.everyMinutes * options.scheduledMinuteMs, deliverer));
    }
  }
  return {
    handleFirestoreEvent: firestoreEventHandler(firestoreTargets),
    stats: () =>
      Object.fromEntries(
        [...deliverers].map(([target, deliverer]) => [
          target.spec.name,
          { ...deliverer.stats(), restarts: target.restarts() },
        ]),
      ),
    losePubsub() {
      for (const { source } of pulled) source.forget();
      return pulled.reduce((count, { deliverer }) => count + deliverer.forget(), 0);
    },
    restorePubsub: () => createTopics(options, pubsub),
    async stop() {
      await Promise.all(sources.map((source) => source.stop()));
      await Promise.all([...deliverers.values()].map((deliverer) => deliverer.stop()));
    },
  };
}

function delivererOf(options: BridgeOptions, target: FunctionProcess): Deliverer {
  const { spec } = target;
  const faults = options.faultsOf(spec);
  const send = watchedSend(target, options.watchRequest);
  const deliverer = createDeliverer({
    // Its process stands for all instances, and takes at least what one of them does.
    concurrency: Math.max(spec.concurrency, Math.min(spec.concurrency * spec.maxInstances, options.maxConcurrency)),
    timeoutMs: spec.timeoutMs,
    policy: policyOf(options, target),
    send: faults ? faults.send(send) : send,
    log: (line) => options.log(`${spec.name}: ${line}`),
    now: () => performance.now(),
  });
  return faults ? faults.deliverer(deliverer) : deliverer;
}

/** Sends events to a function, and shows each request to `watch`. */
function watchedSend(target: FunctionProcess, watch: WatchRequest | undefined): DelivererOptions["send"] {
  return async (request, signal) => {
    const end = watch?.(target.spec.name, request.body);
    let status: number | undefined;
    try {
      status = await sendEvent(target, request, signal);
      return status;
    } finally {
      end?.(status);
    }
  };
}

function policyOf(options: BridgeOptions, { spec: { trigger } }: FunctionProcess): RetryPolicy {
  const retry = "retry" in trigger && trigger.retry;
  const { retryMinMs: minMs, retryMaxMs: maxMs, retentionMs: expireMs, maxDeliveryAttempts: maxAttempts } = options;
  const policy = { retry, minMs, maxMs, expireMs };
  // Only a queue has dead letters: they are jobs that did not run. One that cannot be buried stays where it is.
  const isQueue = trigger.kind === "pubsub" && isQueueTopic(trigger.topic);
  return isQueue && maxAttempts !== undefined ? { ...policy, maxAttempts } : policy;
}

/** Every topic and subscription the functions ask for, and those of dead letters. */
async function createTopics(options: BridgeOptions, pubsub: PubsubRest): Promise<void> {
  const wanted = options.functions.flatMap(({ spec: { name, trigger } }) =>
    trigger.kind === "pubsub" ? [{ topic: trigger.topic, subscription: subscriptionOf(name) }] : [],
  );
  wanted.push({ topic: DEAD_LETTER_TOPIC, subscription: DEAD_LETTER_SUBSCRIPTION });
  await pubsub.createTopic(EVENT_TOPIC);
  await Promise.all(
    wanted.map(async ({ topic, subscription }) => {
      await pubsub.createTopic(topic);
      await pubsub.createSubscription(subscription, topic, ACK_DEADLINE_SECONDS);
    }),
  );
}

function startPulling(
  options: BridgeOptions,
  pubsub: PubsubRest,
  name: string,
  topic: string,
  deliverer: Deliverer,
): PubsubSource {
  const route = { projectId: options.projectId, topic, subscription: subscriptionOf(name) };
  return startPubsubSource({ pubsub, route, deliverer, log: options.log });
}

function subscriptionOf(functionName: string): string {
  return `eventarc-${functionName}-sub`;
}
