import { COLLECTIONS } from "../platform/firestore/collections.ts";
import { DEAD_LETTER_TOPIC, DELIVERY_TOPIC, queueTopic, WAKE_TOPIC } from "../platform/pubsub/topics.ts";
import { type Deployment, once } from "./deployment.ts";
import type { FunctionName } from "./function-names.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { FunctionOptions } from "./sdk.ts";
import { createdFunction, httpsFunction, minutelyFunction, topicFunction } from "./triggers.ts";

const SMALL = { timeoutSeconds: 60, memory: "512MiB" } as const;
const QUICK = { ...SMALL, concurrency: 80, maxInstances: 100 };

/** Options of each function but the workers, whose options are those of their queue. */
const OPTIONS = {
  api: QUICK,
  /**
   * An invocation stays open until its job's time, beside up to a thousand others in its instance: 1,000 is the most
   * that a function may ask for (https://cloud.google.com/functions/quotas).
   */
  wake: { ...SMALL, timeoutSeconds: 120, concurrency: 1000, maxInstances: 10, cpu: 1 },
  notify: QUICK,
  deliver: QUICK,
  bury: { ...SMALL, concurrency: 20, maxInstances: 10 },
  /** A run ends within the minute or soon after; two at once do no harm. */
  sweep: { ...SMALL, timeoutSeconds: 120, maxInstances: 1 },
} satisfies Partial<Record<FunctionName, FunctionOptions>>;

/** The functions that sign webhooks, or read and write endpoints. */
const SIGNING: readonly FunctionName[] = ["api", "notify", "deliver"];

type Declare = () => object;

/**
 * Declares each function by the name it is deployed under, less the prefix. Code is loaded by dynamic import, so that a
 * process loads only what its function runs.
 */
export function declarations(deployment: Deployment, settings: FunctionSettings): Record<string, Declare> {
  const { namePrefix } = deployment;
  const { database, webhookSecrets } = settings;
  const optionsOf = (name: keyof typeof OPTIONS): FunctionOptions => {
    const secrets = SIGNING.includes(name) && webhookSecrets.length > 0 ? { secrets: webhookSecrets } : {};
    return withSettings(name, { ...OPTIONS[name], ...secrets }, settings);
  };
  return {
    /** Accepts, lists, shows and cancels jobs. Callers show their ID token in the request. */
    api: () =>
      httpsFunction(
        optionsOf("api"),
        loaded(async () => (await import("./api.ts")).apiHandler(deployment)),
      ),
    ...workers(deployment, settings),
    /** Continues jobs whose time comes within about a minute. */
    wake: () =>
      topicFunction(
        { ...optionsOf("wake"), topic: `${namePrefix}${WAKE_TOPIC}` },
        loaded(async () => (await import("./wake.ts")).wakeHandler(deployment)),
      ),
    /** Makes the deliveries of a job that became final, and their first attempts. */
    notify: () =>
      createdFunction(
        { ...optionsOf("notify"), database, document: `${COLLECTIONS.results}/{jobId}` },
        loaded(async () => (await import("./notify.ts")).notifyHandler(deployment)),
      ),
    /**
     * Makes further attempts of deliveries, and the deliveries that `notify` did not make; continues recoveries; stops
     * endpoints; sends alerts.
     */
    deliver: () =>
      topicFunction(
        { ...optionsOf("deliver"), topic: `${namePrefix}${DELIVERY_TOPIC}` },
        loaded(async () => (await import("./deliver.ts")).deliverHandler(deployment)),
      ),
    /** Keeps dead letters for people, and fails the jobs whose messages Pub/Sub gave up. */
    bury: () =>
      topicFunction(
        { ...optionsOf("bury"), topic: `${namePrefix}${DEAD_LETTER_TOPIC}` },
        loaded(async () => (await import("./bury.ts")).buryHandler(deployment)),
      ),
    /** Finds every document whose `dueAt` has passed. */
    sweep: () =>
      minutelyFunction(
        optionsOf("sweep"),
        loaded(async () => (await import("./sweep.ts")).sweepHandler(deployment)),
      ),
  };
}

/** Declares the worker of each queue, which runs its jobs. */
function workers(deployment: Deployment, settings: FunctionSettings): Record<string, Declare> {
  const declared = Object.entries(deployment.queues).map(([queue, machine]): [string, Declare] => [
    queue === "default" ? "worker" : `worker-${queue}`,
    () =>
      topicFunction(
        {
          ...withSettings("worker", { ...machine, secrets: secretsOf(deployment, queue) }, settings),
          topic: `${deployment.namePrefix}${queueTopic(queue)}`,
        },
        loaded(async () => (await import("./worker.ts")).workerHandler(deployment, queue)),
      ),
  ]);
  return Object.fromEntries(declared);
}

function withSettings(name: FunctionName, options: FunctionOptions, { region, of }: FunctionSettings): FunctionOptions {
  return { ...(region !== undefined && { region }), ...options, ...of(name) };
}

/** Lists the secrets of the job types that a queue's worker runs. */
function secretsOf({ types }: Deployment, queue: string): string[] {
  const ofQueue = [...types.values()].filter((type) => type.queue === queue);
  return [...new Set(ofQueue.flatMap(({ secrets }) => secrets))];
}

/** Loads once. In the process that runs the function this begins now, beside the rest of the start. */
function loaded<Handler>(load: () => Promise<Handler>): () => Promise<Handler> {
  const get = once(load);
  // A failure rejects the first event.
  if (process.env.FUNCTION_TARGET !== undefined) get().catch(() => undefined);
  return get;
}
