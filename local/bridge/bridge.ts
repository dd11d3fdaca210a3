import type { IncomingMessage, ServerResponse } from "node:http";
import type { FunctionProcess } from "../functions/function-process.ts";
import { sendEvent } from "../functions/send-event.ts";
import type { RetryPolicy } from "./backoff.ts";
import { createDeliverer, type Deliverer, type DeliveryStats } from "./delivery.ts";
import { type FirestoreTarget, firestoreEventHandler, registerTrigger } from "./firestore-source.ts";
import { type PubsubRest, pubsubRest } from "./pubsub-rest.ts";
import { ACK_DEADLINE_SECONDS, DEAD_LETTER_TOPIC, startPubsubSource } from "./pubsub-source.ts";
import { startScheduleSource } from "./schedule-source.ts";

export interface BridgeOptions {
  functions: FunctionProcess[];
  projectId: string;
  firestoreHost: string;
  pubsubHost: string;
  retryMinMs: number;
  retryMaxMs: number;
  maxDeliveryAttempts: number;
  maxConcurrency: number;
  /** How long a minute of a schedule takes. */
  scheduledMinuteMs: number;
  log(line: string): void;
}

/** What the bridge counted for one function since the start. */
export interface BridgeStats extends DeliveryStats {
  /** Times the function's process died and was replaced. */
  restarts: number;
}

/** Plays Eventarc and Cloud Scheduler: carries messages, document events and scheduled calls to the functions whose manifests ask for them. */
export interface Bridge {
  handleFirestoreEvent(req: IncomingMessage, res: ServerResponse): void;
  stats(): Record<string, BridgeStats>;
  stop(): Promise<void>;
}

/** An event that could not be delivered in a day is given up, as Eventarc does. */
const EXPIRE_MS = 24 * 3600 * 1000;

/** Creates topics and subscriptions, registers Firestore triggers, and starts carrying events; resolves when every source is in place. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const pubsub = pubsubRest(options.pubsubHost, options.projectId);
  await pubsub.createTopic(DEAD_LETTER_TOPIC);
  // Keeps dead letters for whoever looks into them: a topic without a subscription would lose them.
  await pubsub.createSubscription(`${DEAD_LETTER_TOPIC}-kept`, DEAD_LETTER_TOPIC, ACK_DEADLINE_SECONDS);
  const deliverers = new Map(options.functions.map((target) => [target, delivererOf(options, target)]));
  const firestoreTargets: FirestoreTarget[] = [];
  const sources: Array<{ stop(): Promise<void> }> = [];
  for (const [target, deliverer] of deliverers) {
    const { spec } = target;
    if (spec.trigger.kind === "pubsub") {
      sources.push(await subscribe(options, pubsub, spec.name, spec.trigger.topic, deliverer));
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
    async stop() {
      await Promise.all(sources.map((source) => source.stop()));
      await Promise.all([...deliverers.values()].map((deliverer) => deliverer.stop()));
    },
  };
}

function delivererOf(options: BridgeOptions, target: FunctionProcess): Deliverer {
  const { spec } = target;
  return createDeliverer({
    concurrency: Math.min(spec.concurrency * spec.maxInstances, options.maxConcurrency),
    timeoutMs: spec.timeoutMs,
    policy: policyOf(options, target),
    send: (request, signal) => sendEvent(target, request, signal),
    log: (line) => options.log(`${spec.name}: ${line}`),
    now: () => performance.now(),
  });
}

function policyOf(options: BridgeOptions, { spec: { trigger } }: FunctionProcess): RetryPolicy {
  const retry = "retry" in trigger && trigger.retry;
  const policy = { retry, minMs: options.retryMinMs, maxMs: options.retryMaxMs, expireMs: EXPIRE_MS };
  // A dead letter that cannot be buried stays where it is: it has no further topic to go to.
  const hasDeadLetters = trigger.kind === "pubsub" && trigger.topic !== DEAD_LETTER_TOPIC;
  return hasDeadLetters ? { ...policy, maxAttempts: options.maxDeliveryAttempts } : policy;
}

async function subscribe(
  options: BridgeOptions,
  pubsub: PubsubRest,
  name: string,
  topic: string,
  deliverer: Deliverer,
) {
  const subscription = `eventarc-${name}-sub`;
  await pubsub.createTopic(topic);
  await pubsub.createSubscription(subscription, topic, ACK_DEADLINE_SECONDS);
  const route = { projectId: options.projectId, topic, subscription };
  return startPubsubSource({ pubsub, route, deliverer, log: options.log });
}
