import { createHash } from "node:crypto";
import type { FunctionSpec, Trigger } from "../manifest/manifest.ts";
import type { BridgeOptions } from "./bridge.ts";
import type { Deliverer } from "./delivery.ts";
import { registerTrigger } from "./firestore-source.ts";
import type { PubsubRest } from "./pubsub-rest.ts";
import { ACK_DEADLINE_SECONDS, startPubsubSource } from "./pubsub-source.ts";
import { startScheduleSource } from "./schedule-source.ts";
import { openTaskQueue, type TaskQueue } from "./task-queue.ts";

/** The origin of a function's events; `forget`, `triggerId` and `queue` belong to one kind of origin each. */
export interface Source {
  stop(): Promise<void>;
  forget?(): void;
  triggerId?: string;
  queue?: TaskQueue;
}

/** Options and clients that every source of a cloud needs. */
interface SourceContext {
  options: BridgeOptions;
  pubsub: PubsubRest;
}

const NO_SOURCE: Source = { stop: async () => {} };

/** Starts to take the events of a function, and hands each to its deliverer; resolves when none is missed any more. */
export async function startSource(
  context: SourceContext,
  { name, trigger }: FunctionSpec,
  deliverer: Deliverer,
): Promise<Source> {
  const { options, pubsub } = context;
  const { projectId, firestoreHost, scheduledMinuteMs, log } = options;
  switch (trigger.kind) {
    case "pubsub": {
      const route = { projectId, topic: trigger.topic, subscription: subscriptionOf(name) };
      await createSubscription(pubsub, route);
      return startPubsubSource({ pubsub, route, deliverer, log });
    }
    case "firestore": {
      const triggerId = triggerIdOf(name, trigger);
      await registerTrigger(firestoreHost, projectId, triggerId, trigger);
      return { triggerId, stop: async () => {} };
    }
    case "schedule":
      return startScheduleSource(trigger.recurrence, scheduledMinuteMs, deliverer);
    case "tasks": {
      const queue = openTaskQueue({ name, limits: trigger.limits, deliverer });
      return { queue, stop: queue.stop };
    }
    case "https":
    case "unsupported":
      return NO_SOURCE;
  }
}

/** The emulator forgets no trigger, so that another one of the same function needs another id. */
function triggerIdOf(name: string, trigger: Trigger): string {
  return `${name}-${createHash("sha256").update(JSON.stringify(trigger)).digest("hex").slice(0, 8)}`;
}

/** Creates a subscription and its topic. Idempotent. */
export async function createSubscription(
  pubsub: PubsubRest,
  { topic, subscription }: { topic: string; subscription: string },
): Promise<void> {
  await pubsub.createTopic(topic);
  await pubsub.createSubscription(subscription, topic, ACK_DEADLINE_SECONDS);
}

/** The name of the subscription that Eventarc would make for a function. */
export function subscriptionOf(functionName: string): string {
  return `eventarc-${functionName}-sub`;
}
