import type { Parameter, Setting } from "./setting.ts";

export const MEMORY = ["512MiB", "1GiB", "2GiB", "4GiB", "8GiB", "16GiB", "32GiB"] as const;
export const CPU = [1, 2, 4, 6, 8] as const;
/** Names of queues: each is part of the names of a topic and a function. */
export const QUEUE_NAME = /^(?!dead$)[a-z][a-z0-9]{0,19}$/;

/** The machines of a queue's worker function: https://firebase.google.com/docs/functions/manage-functions */
export interface QueueOptions {
  /** Of one instance; a parameter counts MiB. Default: 2GiB. */
  memory?: (typeof MEMORY)[number] | Parameter<number>;
  /** Processors of one instance. Default: 1. */
  cpu?: (typeof CPU)[number];
  /** Jobs that one instance runs at a time, 1 to 1,000. Default: 4. */
  concurrency?: Setting<number>;
  /** 1 to 1,000. Default: 100. */
  maxInstances?: Setting<number>;
  /**
   * How long one invocation may take, 60 to 540 seconds. A job may take longer: it continues in the next one. Default:
   * 540.
   */
  timeoutSeconds?: Setting<number>;
}

/** The queues of a deployment, by name. Each is a Pub/Sub topic and a worker function that runs its jobs. */
export type Queues = Readonly<Record<string, Required<QueueOptions>>>;

const DEFAULTS: Required<QueueOptions> = {
  memory: "2GiB",
  cpu: 1,
  concurrency: 4,
  maxInstances: 100,
  timeoutSeconds: 540,
};

/** Gives the queues that `given` declares, and `default`, which always exists. */
export function queuesOf(given: Readonly<Record<string, QueueOptions>>): Queues {
  const all = Object.entries({ default: {}, ...given });
  return Object.fromEntries(all.map(([name, options]) => [name, { ...DEFAULTS, ...options }]));
}
