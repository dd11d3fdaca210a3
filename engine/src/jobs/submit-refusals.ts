import type { JobType } from "../job-types/define-job.ts";
import { summary } from "../kit/issues.ts";
import type { Refusal } from "../kit/refusal.ts";
import type { WebhookUrlPolicy } from "./ports.ts";
import type { Job } from "./rules/job.ts";
import type { Acceptance } from "./rules/submission.ts";
import type { Quotas } from "./rules/usage.ts";

/** Refuses a job that Firestore cannot hold. */
export const UNSTORABLE: Refusal = {
  code: "invalid-request",
  detail:
    "Firestore cannot hold this job, however often it is sent. Send a plainer input, tags and metadata, or split it.",
};

/** Refuses a job of a type that the deployment does not have. */
export function unknownType(types: ReadonlyMap<string, JobType>): Refusal {
  const known = [...types.keys()].sort().join(", ");
  const errors = [{ pointer: "/type", message: `must be one of: ${known}` }];
  return { code: "unknown-job-type", detail: `There is no such job type. Known types: ${known}.`, errors };
}

/** Refuses a `webhookUrl` that the policy does not allow. */
export function checkWebhookUrl(policy: WebhookUrlPolicy, webhookUrl: string | undefined): Refusal | undefined {
  if (webhookUrl === undefined) return undefined;
  const message = policy.refusalOf(webhookUrl);
  if (message === undefined) return undefined;
  return { code: "webhook-url-refused", detail: message, errors: [{ pointer: "/webhookUrl", message }] };
}

const MAX_DELAY_MS = 366 * 24 * 60 * 60 * 1000;

/** Refuses a `runAt` that is more than 366 days ahead. */
export function checkRunAt(runAt: string | undefined, now: Date): Refusal | undefined {
  if (runAt === undefined || Date.parse(runAt) <= now.getTime() + MAX_DELAY_MS) return undefined;
  const errors = [{ pointer: "/runAt", message: "must be at most 366 days ahead" }];
  return { code: "invalid-request", detail: summary(errors), errors };
}

/** Refuses a request that repeats the idempotency key of `job` with other content. */
export function conflict({ jobId }: Job, differs: readonly string[]): Refusal {
  const detail =
    `This Idempotency-Key was used before, for job ${jobId}, with another ${differs.join(", ")}. ` +
    "Repeat that request as it was, or take a new key.";
  const message = "differs from the first request with this key";
  return { code: "idempotency-conflict", detail, errors: differs.map((part) => ({ pointer: `/${part}`, message })) };
}

/** Refuses a submission over a quota, which is given back at `until`. */
export function quotaExceeded({ quota, quotas, until }: Extract<Acceptance, { outcome: "limited" }>): Refusal {
  // Rounded up: a caller that comes back then comes back in time.
  const retryAfterSeconds = Math.max(1, Math.ceil(quotas[quota].resetMs / 1000));
  const givenBack = `The quota is given back at ${until.toISOString()}: submit again in ${retryAfterSeconds} s.`;
  return { code: "quota-exceeded", detail: `${usedUp(quota, quotas)} ${givenBack}`, retryAfterSeconds };
}

function usedUp(quota: keyof Quotas, quotas: Quotas): string {
  const { limit, remaining } = quotas[quota];
  if (quota !== "inputBytes") return `You have submitted ${limit} jobs this ${quota}, as many as you may.`;
  const [all, left] = [limit, remaining].map((bytes) => bytes.toLocaleString("en"));
  return `You may submit ${all} bytes of inputs a day; ${left} are left, and this input has more.`;
}
