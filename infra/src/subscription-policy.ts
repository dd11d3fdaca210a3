import type { FunctionName } from "../../engine/src/functions/function-names.ts";
import { DEAD_LETTER_TOPIC } from "../../engine/src/platform/pubsub/topics.ts";

/** The way in which Pub/Sub treats the subscription of a function. */
export interface SubscriptionPolicy {
  /** How long one delivery may take before it counts as failed, in seconds: 10 to 600, above the function's timeout. */
  ackDeadlineSeconds: number;
  /** Wait after the first failed delivery, in seconds: 0 to 600; grows with each further one. */
  minRetryDelaySeconds: number;
  /** The longest wait, in seconds: 0 to 600. */
  maxRetryDelaySeconds: number;
  /** How long an undelivered message is kept, in days: up to 31. Longer than any outage worth surviving. */
  retentionDays: number;
  /**
   * Failed deliveries, 5 to 100, after which the message goes to the dead-letter topic. Absent: Pub/Sub delivers the
   * message again until its retention ends.
   */
  maxDeliveryAttempts?: number;
}

/** An event function runs for at most 540 s, hence 600 s to acknowledge. */
const RETRIED: SubscriptionPolicy = {
  ackDeadlineSeconds: 600,
  minRetryDelaySeconds: 10,
  maxRetryDelaySeconds: 600,
  retentionDays: 7,
};

/**
 * A job counts its own attempts, at most 100; Pub/Sub's count is the backstop for a message that never reaches a claim.
 * It allows as many, about 16 hours at 600 s apart, because a refusal by a worker with no free instance counts too: a
 * lower number would bury the end of a long queue.
 */
const QUEUE: SubscriptionPolicy = { ...RETRIED, maxDeliveryAttempts: 100 };

/**
 * `wake` runs for at most 120 s. The sweep promotes a job whose wake is a minute late, so its message is kept for the
 * shortest retention that is a whole number of days.
 */
const WAKE: SubscriptionPolicy = { ...RETRIED, ackDeadlineSeconds: 180, maxRetryDelaySeconds: 60, retentionDays: 1 };

/**
 * The policy of a function's subscription. Only queues have dead letters: jobs that did not run. `notify` and `deliver`
 * serve jobs that did, a dead letter of `bury` has no further place to go, and the sweep repairs what `wake` misses.
 */
export function policyOf(kind: FunctionName): SubscriptionPolicy {
  if (kind === "worker") return QUEUE;
  return kind === "wake" ? WAKE : RETRIED;
}

/**
 * The gcloud arguments that give `subscription` (a full resource name) its policy. They name no push setting, so gcloud
 * leaves the endpoint that Eventarc made as it is. Run twice they change nothing.
 */
export function updateArguments(subscription: string, policy: SubscriptionPolicy, projectId: string): string[] {
  const deadLetter =
    policy.maxDeliveryAttempts === undefined
      ? ["--clear-dead-letter-policy"]
      : [
          `--dead-letter-topic=projects/${projectId}/topics/${DEAD_LETTER_TOPIC}`,
          `--max-delivery-attempts=${policy.maxDeliveryAttempts}`,
        ];
  return [
    "pubsub",
    "subscriptions",
    "update",
    subscription,
    `--ack-deadline=${policy.ackDeadlineSeconds}`,
    `--min-retry-delay=${policy.minRetryDelaySeconds}s`,
    `--max-retry-delay=${policy.maxRetryDelaySeconds}s`,
    `--message-retention-duration=${policy.retentionDays}d`,
    // Pub/Sub deletes a subscription that delivered nothing for 31 days, unless told not to.
    "--expiration-period=never",
    ...deadLetter,
  ];
}
