/** The topic whose messages are the jobs of a queue. */
export function queueTopic(queue: string): string {
  return `${QUEUE_TOPICS}${queue}`;
}

/** How the name of each queue's topic begins. */
export const QUEUE_TOPICS = "baton-jobs-";

/** Jobs, and messages of jobs, that ran out of attempts. */
export const DEAD_LETTER_TOPIC = "baton-jobs-dead";

/** Jobs whose time comes within about a minute. */
export const WAKE_TOPIC = "baton-wakes";

/** Deliveries of webhooks that are due. */
export const DELIVERY_TOPIC = "baton-deliveries";
