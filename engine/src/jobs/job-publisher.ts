import type { Publish } from "../platform/pubsub/publisher.ts";
import { DEAD_LETTER_TOPIC, queueTopic, WAKE_TOPIC } from "../platform/pubsub/topics.ts";
import type { JobPublisher } from "./ports.ts";

/** Publishes messages about jobs to their topics. */
export function jobPublisher(publish: Publish): JobPublisher {
  return {
    publishJob: (queue, { jobId, traceparent }) =>
      publish(queueTopic(queue), { jobId, ...(traceparent !== undefined && { traceparent }) }),
    publishWake: (message) => publish(WAKE_TOPIC, message),
    publishDeadLetter: ({ jobId, queue, type, owner }) =>
      publish(DEAD_LETTER_TOPIC, { jobId, queue, type, owner, reason: "exhausted" }),
  };
}
