/** Topic that receives what a worker could not be made to take. */
export const DEAD_LETTER_TOPIC = "jobs-dead";

/** How Pub/Sub treats one event function's subscription. */
export interface SubscriptionPolicy {
  /** How long one delivery may take before it counts as failed, in seconds: 10 to 600, above the function's timeout. */
  ackDeadlineSeconds: number;
  /** Wait after the first failed delivery, in seconds: 0 to 600; grows with each further one. */
  minRetryDelaySeconds: number;
  /** Where that wait stops growing, in seconds: 0 to 600. */
  maxRetryDelaySeconds: number;
  /** How long an undelivered message is kept, in days: up to 31. Longer than any outage worth surviving. */
  retentionDays: number;
  /** Failed deliveries, 5 to 100, after which the message goes to the dead-letter topic. Without it, retried until its retention ends. */
  maxDeliveryAttempts?: number;
}

/** 540 s is the longest an event function runs, hence 600 s to acknowledge. */
const RETRIED = { ackDeadlineSeconds: 600, minRetryDelaySeconds: 10, maxRetryDelaySeconds: 600, retentionDays: 7 };

/**
 * A job counts its own attempts, at most 100; Pub/Sub's count is the backstop for a message that never reaches a claim.
 * It allows as many, about 16 hours at 600 s apart, because a refusal by a worker with no free instance counts too: a
 * lower number would bury the end of a long queue.
 */
const QUEUE: SubscriptionPolicy = { ...RETRIED, maxDeliveryAttempts: 100 };

/** 120 s is the longest that `wake` runs. A wake that comes a minute late is the sweep's: a day is the least that this can say. */
const WAKE: SubscriptionPolicy = { ...RETRIED, ackDeadlineSeconds: 180, maxRetryDelaySeconds: 60, retentionDays: 1 };

/**
 * The functions that Eventarc wakes, by name. `notify` and `deliver` have no dead letters: those are jobs that did not
 * run, and what these two serve did. Nor has `bury`: a dead letter has no further place to go; nor `wake`, which the sweep repairs.
 */
export const POLICIES: Record<string, SubscriptionPolicy> = {
  worker: QUEUE,
  workerHeavy: QUEUE,
  wake: WAKE,
  notify: RETRIED,
  deliver: RETRIED,
  bury: RETRIED,
};

/**
 * The gcloud arguments that give `subscription` (a full resource name) its policy. They name no push setting, so
 * gcloud leaves the endpoint that Eventarc made as it is; run twice they change nothing.
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
