import { PubSub } from "@google-cloud/pubsub";
import type { Publisher } from "../../core/ports.ts";

/** How long Pub/Sub may take to accept a message before the caller goes on without it. */
const PUBLISH_DEADLINE_MS = 10_000;
const WITHIN_DEADLINE = {
  initialRetryDelayMillis: 100,
  retryDelayMultiplier: 1.3,
  maxRetryDelayMillis: 1000,
  initialRpcTimeoutMillis: 5000,
  rpcTimeoutMultiplier: 1,
  maxRpcTimeoutMillis: 5000,
  totalTimeoutMillis: PUBLISH_DEADLINE_MS,
};
/** Messages published at the same moment share one request; nothing waits longer than this for company. */
const BATCH_DELAY_MS = 1;

/** Publishes to Pub/Sub. One client and one topic object a process, so that batching works across requests. */
export function pubsubPublisher(projectId: string): Publisher {
  const pubsub = new PubSub({ projectId });
  const topics = new Map<string, ReturnType<typeof pubsub.topic>>();
  const topicOf = (name: string) => {
    const known = topics.get(name);
    if (known) return known;
    const topic = pubsub.topic(name, {
      batching: { maxMilliseconds: BATCH_DELAY_MS, maxMessages: 100 },
      gaxOpts: { timeout: PUBLISH_DEADLINE_MS, retry: { backoffSettings: WITHIN_DEADLINE } },
    });
    topics.set(name, topic);
    return topic;
  };
  return {
    async publishJob(queue, message) {
      const { jobId, traceparent } = message;
      const attributes = { jobId, ...(traceparent !== undefined && { traceparent }) };
      await topicOf(`jobs-${queue}`).publishMessage({ attributes });
    },
    async publishWake(message) {
      await topicOf("jobs-wake").publishMessage({ attributes: message });
    },
    async publishDeadLetter({ jobId, queue, type, owner }) {
      await topicOf("jobs-dead").publishMessage({ attributes: { jobId, queue, type, owner, reason: "exhausted" } });
    },
    async publishDelivery(message) {
      await topicOf("webhook-deliveries").publishMessage({ attributes: message });
    },
  };
}
