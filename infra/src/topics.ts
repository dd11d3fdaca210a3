import { projects, pubsub } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { FunctionName, Identities } from "./identities.ts";
import { DEAD_LETTER_TOPIC } from "./subscription-policy.ts";

/** Every function that moves jobs: one that ends wakes others, on any queue, and any may have to wait. */
const JOB_MOVERS: readonly FunctionName[] = ["api", "worker", "wake", "bury", "sweep"];

/** Besides the sweep: `api` for what owners ask for, `notify` and `deliver` for attempts that are only seconds away. */
const DELIVERY_PUBLISHERS: readonly FunctionName[] = ["api", "notify", "deliver", "sweep"];

/** Every topic but the dead letters', and the functions that publish to it. */
const PUBLISHERS: Record<string, readonly FunctionName[]> = {
  "jobs-default": JOB_MOVERS,
  "jobs-heavy": JOB_MOVERS,
  "jobs-wake": JOB_MOVERS,
  "webhook-deliveries": DELIVERY_PUBLISHERS,
};

/** Whoever ends a job that has used up its attempts says so. */
const DEAD_LETTER_PUBLISHERS: readonly FunctionName[] = ["worker", "bury"];

const SECONDS_PER_DAY = 24 * 60 * 60;

/** The topics, who may publish to each, and the pull subscription in which copies of dead letters wait for a person. */
export function declareTopics(
  identities: Identities,
  deadLetterDays: number,
  options: CustomResourceOptions,
): { kept: pubsub.Subscription } {
  for (const [name, publishers] of Object.entries(PUBLISHERS)) {
    declareTopic(name, publishers, identities, options);
  }
  const deadLetters = declareTopic(DEAD_LETTER_TOPIC, DEAD_LETTER_PUBLISHERS, identities, options);
  return { kept: keepDeadLetters(deadLetters, deadLetterDays, options) };
}

function declareTopic(
  name: string,
  publishers: readonly FunctionName[],
  identities: Identities,
  options: CustomResourceOptions,
): pubsub.Topic {
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
}

/**
 * Pub/Sub moves a message to the dead-letter topic in the name of its own service agent. Function `bury` acts on it; a
 * subscription that never expires, however quiet the project, keeps a copy of each, in case `bury` is not deployed or fails.
 */
function keepDeadLetters(deadLetters: pubsub.Topic, deadLetterDays: number, options: CustomResourceOptions) {
  const agent = new projects.ServiceIdentity("pubsub-agent", { service: "pubsub.googleapis.com" }, options);
  new pubsub.TopicIAMMember(
    `${DEAD_LETTER_TOPIC}-pubsub-agent`,
    { topic: deadLetters.name, role: "roles/pubsub.publisher", member: agent.member },
    options,
  );
  return new pubsub.Subscription(
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
}
