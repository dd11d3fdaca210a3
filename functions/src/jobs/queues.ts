/**
 * The queues of this deployment, and the work each is for. A queue is a Pub/Sub topic `jobs-<queue>` and a worker
 * function in `index.ts` that drains it, with memory, CPU and concurrency of its own.
 */
export const QUEUES = {
  default: "Work that mostly waits for others: several jobs share an instance of 1 CPU and 2 GiB.",
  heavy: "Work that fills a processor or much memory: one job an instance, which has 2 CPUs and 4 GiB.",
} as const;

/** A queue that exists: a job type cannot name one that no worker drains. */
export type QueueName = keyof typeof QUEUES;
