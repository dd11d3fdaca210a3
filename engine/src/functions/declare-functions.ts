import { COLLECTIONS } from "../platform/firestore/collections.ts";
import { DEAD_LETTER_TOPIC, DELIVERY_TOPIC, queueTopic, WAKE_TOPIC } from "../platform/pubsub/topics.ts";
import { type Deployment, once } from "./deployment.ts";
import type { FunctionName } from "./function-names.ts";
import { createdFunction, type FunctionOptions, httpsFunction, minutelyFunction, topicFunction } from "./triggers.ts";

/** Options of all functions, and of each. */
export interface FunctionSettings {
  region: FunctionOptions["region"];
  of(name: FunctionName): FunctionOptions;
}

/** Secrets of the functions that sign webhooks, or read and write endpoints. */
const WEBHOOK_SECRETS = ["WEBHOOK_MASTER_SECRET", "WEBHOOK_ENCRYPTION_KEYS"];
const SMALL = { timeoutSeconds: 60, memory: "512MiB" } as const;

type Declare = () => object;

/**
 * Each function by the name it is deployed under, less the prefix. Code is loaded by dynamic import, so that a process
 * loads only what its function runs.
 */
export function declarations(deployment: Deployment, settings: FunctionSettings): Record<string, Declare> {
  const optionsOf = (name: FunctionName, options: FunctionOptions): FunctionOptions => ({
    ...(settings.region !== undefined && { region: settings.region }),
    ...options,
    ...settings.of(name),
  });
  const workers = Object.entries(deployment.queues).map(([queue, machine]): [string, Declare] => [
    queue === "default" ? "worker" : `worker-${queue}`,
    () =>
      topicFunction(
        { ...optionsOf("worker", { ...machine, secrets: secretsOf(deployment, queue) }), topic: queueTopic(queue) },
        loaded(async () => (await import("./worker.ts")).workerHandler(deployment, queue)),
      ),
  ]);
  return {
    /** Accepts, lists, shows and cancels jobs. Callers show their ID token in the request. */
    api: () =>
      httpsFunction(
        optionsOf("api", { ...SMALL, concurrency: 80, maxInstances: 100, secrets: WEBHOOK_SECRETS }),
        loaded(async () => (await import("./api.ts")).apiHandler(deployment)),
      ),
    ...Object.fromEntries(workers),
    /**
     * Moves jobs on whose time comes within about a minute. An invocation stays open until then, beside up to a thousand
     * others in its instance: 1,000 is the most that a function may ask for (https://cloud.google.com/functions/quotas).
     */
    wake: () =>
      topicFunction(
        {
          ...optionsOf("wake", { ...SMALL, timeoutSeconds: 120, concurrency: 1000, maxInstances: 10, cpu: 1 }),
          topic: WAKE_TOPIC,
        },
        loaded(async () => (await import("./wake.ts")).wakeHandler(deployment)),
      ),
    /** Makes the deliveries of a job that became final, and their first attempts. */
    notify: () =>
      createdFunction(
        {
          ...optionsOf("notify", { ...SMALL, concurrency: 80, maxInstances: 100, secrets: WEBHOOK_SECRETS }),
          document: `${COLLECTIONS.results}/{jobId}`,
        },
        loaded(async () => (await import("./notify.ts")).notifyHandler(deployment)),
      ),
    /** Makes further attempts of deliveries, and the deliveries that `notify` did not make; continues recoveries; stops endpoints; sends alerts. */
    deliver: () =>
      topicFunction(
        {
          ...optionsOf("deliver", { ...SMALL, concurrency: 80, maxInstances: 100, secrets: WEBHOOK_SECRETS }),
          topic: DELIVERY_TOPIC,
        },
        loaded(async () => (await import("./deliver.ts")).deliverHandler(deployment)),
      ),
    /** Keeps dead letters for people, and fails the jobs whose messages Pub/Sub gave up. */
    bury: () =>
      topicFunction(
        { ...optionsOf("bury", { ...SMALL, concurrency: 20, maxInstances: 10 }), topic: DEAD_LETTER_TOPIC },
        loaded(async () => (await import("./bury.ts")).buryHandler(deployment)),
      ),
    /** Finds every document whose `dueAt` has passed. A run ends within the minute or soon after; two at once do no harm. */
    sweep: () =>
      minutelyFunction(
        optionsOf("sweep", { ...SMALL, timeoutSeconds: 120, maxInstances: 1 }),
        loaded(async () => (await import("./sweep.ts")).sweepHandler(deployment)),
      ),
  };
}

/** Secrets of the job types that a queue's worker runs. */
function secretsOf({ types }: Deployment, queue: string): string[] {
  const ofQueue = [...types.values()].filter((type) => type.queue === queue);
  return [...new Set(ofQueue.flatMap(({ secrets }) => secrets))];
}

/** Loads once. In the process that runs the function this begins now, beside the rest of the start. */
function loaded<Handler>(load: () => Promise<Handler>): () => Promise<Handler> {
  const get = once(load);
  // The first event is told of a failure.
  if (process.env.FUNCTION_TARGET !== undefined) get().catch(() => undefined);
  return get;
}
