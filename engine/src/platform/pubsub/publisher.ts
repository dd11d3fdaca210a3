import { PubSub } from "@google-cloud/pubsub";

/**
 * Publishes one message to a topic: attributes alone, or with data and an ordering key, the same for each message of a
 * topic. Resolves once Pub/Sub has it; rejects when it has not, within 10 s.
 */
export type Publish = (
  topic: string,
  attributes: Readonly<Record<string, string>>,
  ordered?: { data: string; orderingKey: string },
) => Promise<void>;

/** How long Pub/Sub may take to accept a message before the caller continues without it. */
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

/**
 * Publishes to Pub/Sub, to topics whose names begin with `prefix`. One client and one topic object a process, so that
 * batching works across requests.
 */
export function pubsubPublish(projectId: string, prefix = ""): Publish {
  const pubsub = new PubSub({ projectId });
  const topics = new Map<string, ReturnType<typeof pubsub.topic>>();
  const topicOf = (name: string, messageOrdering: boolean) => {
    const known = topics.get(name);
    if (known) return known;
    const topic = pubsub.topic(`${prefix}${name}`, {
      messageOrdering,
      batching: { maxMilliseconds: BATCH_DELAY_MS, maxMessages: 100 },
      gaxOpts: { timeout: PUBLISH_DEADLINE_MS, retry: { backoffSettings: WITHIN_DEADLINE } },
    });
    topics.set(name, topic);
    return topic;
  };
  return async (name, attributes, ordered) => {
    const topic = topicOf(name, ordered !== undefined);
    if (!ordered) return void (await topic.publishMessage({ attributes: { ...attributes } }));
    const { data, orderingKey } = ordered;
    try {
      await topic.publishMessage({ attributes: { ...attributes }, data: Buffer.from(data), orderingKey });
    } catch (error) {
      // Until then the client refuses each further message of the key.
      topic.resumePublishing(orderingKey);
      throw error;
    }
  };
}
