/** The machines of a queue's worker function: https://firebase.google.com/docs/functions/manage-functions */
export interface QueueOptions {
  /** Of one instance. */
  memory?: "512MiB" | "1GiB" | "2GiB" | "4GiB" | "8GiB" | "16GiB" | "32GiB";
  /** Processors of one instance. */
  cpu?: 1 | 2 | 4 | 6 | 8;
  /** Jobs that one instance runs at a time. */
  concurrency?: number;
  maxInstances?: number;
  /** How long one invocation may take, 60 to 540 seconds. A job may take longer: it continues in the next one. */
  timeoutSeconds?: number;
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

/** Names that would make the topic of a queue that of something else. */
const TAKEN: readonly string[] = ["dead"];

/** The queues that `given` declares, and `default`, which always exists. Throws when a name or a number is out of its range. */
export function queuesOf(given: Readonly<Record<string, QueueOptions>>): Queues {
  const queues = Object.entries({ default: {}, ...given }).map(([name, options]) => {
    if (!/^[a-z][a-z0-9]{0,19}$/.test(name) || TAKEN.includes(name)) {
      throw new Error(
        `Queue "${name}": a name has 1 to 20 lower-case letters and digits, a letter first, and is not "dead".`,
      );
    }
    const queue = { ...DEFAULTS, ...options };
    demandWhole(name, "concurrency", queue.concurrency, 1, 1000);
    demandWhole(name, "maxInstances", queue.maxInstances, 1, 1000);
    demandWhole(name, "timeoutSeconds", queue.timeoutSeconds, 60, 540);
    return [name, queue] as const;
  });
  return Object.fromEntries(queues);
}

function demandWhole(queue: string, name: string, value: number, from: number, to: number): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  throw new Error(`Queue "${queue}": ${name} is ${value}; it is a whole number from ${from} to ${to}.`);
}
