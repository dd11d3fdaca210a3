import { projects, pubsub } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { FunctionName, Identities } from "./identities.ts";
import { DEAD_LETTER_TOPIC } from "./subscription-policy.ts";

/** Every queue's topic, and the functions that publish to it. */
const PUBLISHERS: Record<string, readonly FunctionName[]> = { "jobs-default": ["api", "sweep"] };

const SECONDS_PER_DAY = 24 * 60 * 60;

interface Topics {
  queues: pubsub.Topic[];
  deadLetters: pubsub.Topic;
  /** The pull subscription in which dead letters wait for a person. */
  kept: pubsub.Subscription;
}

/** The queues' topics and the dead-letter topic, and who may publish to each. */
export function declareTopics(identities: Identities, deadLetterDays: number, options: CustomResourceOptions): Topics {
  const queues = Object.entries(PUBLISHERS).map(([name, publishers]) => {
    const topic = new pubsub.Topic(name, { name }, options);
    for (const publisher of publishers) {
      const member = identities[publisher].member;
      new pubsub.TopicIAMMember(
        `${name}-${publisher}`,
        { topic: topic.name, role: "roles/pubsub.publisher", member },
        options,
      );
    }
    return topic;
  });
  return { queues, ...declareDeadLetters(deadLetterDays, options) };
}

/**
 * Pub/Sub moves a message here in the name of its own service agent. A message on a topic without a subscription is
 * lost, so one keeps them all: it never expires, however quiet the project.
 */
function declareDeadLetters(deadLetterDays: number, options: CustomResourceOptions) {
  const deadLetters = new pubsub.Topic(DEAD_LETTER_TOPIC, { name: DEAD_LETTER_TOPIC }, options);
  const agent = new projects.ServiceIdentity("pubsub-agent", { service: "pubsub.googleapis.com" }, options);
  new pubsub.TopicIAMMember(
    `${DEAD_LETTER_TOPIC}-pubsub-agent`,
    { topic: deadLetters.name, role: "roles/pubsub.publisher", member: agent.member },
    options,
  );
  const kept = new pubsub.Subscription(
    `${DEAD_LETTER_TOPIC}-kept`,
    {
      name: `${DEAD_LETTER_TOPIC}-kept`,
      topic: deadLetters.id,
      ackDeadlineSeconds: 60,
      messageRetentionDuration: `${deadLetterDays * SECONDS_PER_DAY}s`,
      expirationPolicy: { ttl: "" },
    },
    options,
  );
  return { deadLetters, kept };
}
