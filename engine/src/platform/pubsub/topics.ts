/** The name of each queue's topic begins with this. */
const QUEUE_PREFIX = "baton-jobs-";

/** The topic whose messages are the jobs of a queue. */
export function queueTopic(queue: string): string {
  return `${QUEUE_PREFIX}${queue}`;
}

/** True for the topic of a queue, false for every other topic. */
export function isQueueTopic(topic: string): boolean {
  return topic.startsWith(QUEUE_PREFIX) && topic !== DEAD_LETTER_TOPIC;
}

/** Jobs, and messages of jobs, that ran out of attempts. */
export const DEAD_LETTER_TOPIC = "baton-jobs-dead";

/** The subscription that keeps a copy of each dead letter for operators: a topic without a subscription loses them. */
export const DEAD_LETTER_SUBSCRIPTION = "baton-jobs-dead-kept";

/** Jobs whose time comes within about a minute. */
export const WAKE_TOPIC = "baton-wakes";

/** The events of jobs, for services of the team's own. */
export const EVENT_TOPIC = "baton-events";

/** Deliveries of webhooks that are due. */
export const DELIVERY_TOPIC = "baton-deliveries";
