import { projects, pubsub } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { DEAD_LETTER_SUBSCRIPTION, DEAD_LETTER_TOPIC } from "../../engine/src/platform/pubsub/topics.ts";
import { type Identities, membersOf } from "./identities.ts";
import type { Plan } from "./plan.ts";

const SECONDS_PER_DAY = 24 * 60 * 60;

/**
 * Declares the topics, who may publish to each, and the pull subscription in which copies of dead letters wait for a
 * person. Throws when no function receives dead letters.
 */
export function declareTopics(
  topics: Plan["topics"],
  identities: Identities,
  deadLetterDays: number,
  options: CustomResourceOptions,
): { kept: pubsub.Subscription } {
  const declared = new Map(
    [...topics].map(([name, publishers]) => [name, declareTopic(name, publishers, identities, options)]),
  );
  const deadLetters = declared.get(DEAD_LETTER_TOPIC);
  if (deadLetters === undefined) throw new Error(`No function receives the messages of ${DEAD_LETTER_TOPIC}.`);
  return { kept: keepDeadLetters(deadLetters, deadLetterDays, options) };
}

function declareTopic(
  name: string,
  publishers: readonly string[],
  identities: Identities,
  options: CustomResourceOptions,
): pubsub.Topic {
  const topic = new pubsub.Topic(name, { name }, options);
  for (const { accountId, member } of membersOf(identities, publishers)) {
    new pubsub.TopicIAMMember(
      `${name}-${accountId}`,
      { topic: topic.name, role: "roles/pubsub.publisher", member },
      options,
    );
  }
  return topic;
}

/**
 * Pub/Sub moves a message to the dead-letter topic in the name of its own service agent. Function `baton-bury` acts on
 * it. A subscription that never expires, however quiet the project, keeps a copy of each, in case that function fails.
 */
function keepDeadLetters(deadLetters: pubsub.Topic, deadLetterDays: number, options: CustomResourceOptions) {
  const agent = new projects.ServiceIdentity("pubsub-agent", { service: "pubsub.googleapis.com" }, options);
  new pubsub.TopicIAMMember(
    `${DEAD_LETTER_TOPIC}-pubsub-agent`,
    { topic: deadLetters.name, role: "roles/pubsub.publisher", member: agent.member },
    options,
  );
  return new pubsub.Subscription(
    DEAD_LETTER_SUBSCRIPTION,
    {
      name: DEAD_LETTER_SUBSCRIPTION,
      topic: deadLetters.id,
      ackDeadlineSeconds: 60,
      messageRetentionDuration: `${deadLetterDays * SECONDS_PER_DAY}s`,
      expirationPolicy: { ttl: "" },
    },
    options,
  );
}
