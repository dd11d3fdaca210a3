import type { ChaosOptions } from "../../local/chaos/options.ts";
import { SLOTS } from "./plan.ts";

/** All faults together, as often as a run of a few minutes bears. */
export const ALL_FAULTS: ChaosOptions = {
  duplicate: 0.2,
  reorder: 0.2,
  delay: 0.2,
  dropTrigger: 0.1,
  fail: 0.1,
  cutTime: 0.03,
  killEveryMs: 3000,
  freezeEveryMs: 1500,
  pauseFirestoreEveryMs: 10_000,
  restartPubsubEveryMs: 20_000,
};

/** How the subscriptions of functions treat messages. */
export const SUBSCRIPTIONS = {
  /**
   * As Eventarc makes them: no dead letters, and messages that expire. A day shrinks to two seconds, which four failed
   * deliveries, or a busy worker, outlast.
   */
  eventarc: { retryMinMs: 300, retryMaxMs: 18_000, retentionMs: 2000 },
  /** As the policy of `infra/` sets them: messages outlast any run, and dead letters are buried. */
  policy: { retryMinMs: 300, retryMaxMs: 2000, maxDeliveryAttempts: 100 },
} as const;
export type Subscriptions = keyof typeof SUBSCRIPTIONS;

/** Limits that no plan meets. */
const RATES = { changesPerMinute: 100_000, requestsPerMinute: 1_000_000 };
/**
 * Waits of minutes in production take seconds here, so that a run shows every repair. A lease is shorter than a
 * freeze, and the time of a worker longer: a frozen worker comes back with its job in hand, after another one has taken
 * that job over.
 */
export const ENVIRONMENT = {
  LEASE_MS: "3000",
  WORKER_TIMEOUT_MS: "20000",
  MESSAGE_LOST_MS: "5000",
  SHORT_WAIT_MS: "1000",
  CANCEL_GRACE_MS: "6000",
  // Nothing expires within a run, and the look for it would read every document.
  DELETE_EXPIRED: "false",
  TIERS: JSON.stringify({
    chaos: { jobsPerMinute: 100_000, jobsPerDay: 1_000_000, activeJobs: SLOTS.chaos, ...RATES },
    narrow: { jobsPerMinute: 100_000, jobsPerDay: 1_000_000, activeJobs: SLOTS.narrow, ...RATES },
  }),
};
