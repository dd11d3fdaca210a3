import type { Limits } from "../../accounts/tiers.ts";
import { expiryOf, retentionMsOf } from "../../kit/retention.ts";
import { shardOf } from "../../kit/shard.ts";
import type { Job, PendingJob } from "./job.ts";
import { type Promotion, promote, promotionReads } from "./promotion.ts";
import type { PromotionContext, PromotionReads } from "./promotion-context.ts";
import { DEFAULT_TIMING, type Timing } from "./timing.ts";
import { countSubmission, newUsage, type Quotas } from "./usage.ts";

/** A submission: the fields of the request, of the job type and of the owner's tier from which the job follows. */
export type Submission = Pick<
  Job,
  | "jobId"
  | "type"
  | "owner"
  | "queue"
  | "maxAttempts"
  | "tags"
  | "metadata"
  | "runAt"
  | "orderingKey"
  | "lane"
  | "cache"
  | "hasCleanUp"
  | "requestHashes"
  | "traceparent"
> & {
  limits: Limits;
  /** Size of the input, as UTF-8 JSON. */
  inputBytes: number;
  /** Where the end is told. It may carry credentials, so the job itself only says that there is one. */
  webhookUrl?: string;
};

/**
 * The job that the same idempotency key made before; `webhookUrl` is absent when it has none, or when none is kept any
 * more.
 */
export interface ExistingJob {
  job: Job;
  webhookUrl?: string;
}

/**
 * The outcome of a submission. `replayed`: the same request was accepted before. `conflict`: another request was
 * accepted with this idempotency key; `differs` names the parts that are not the same. `unstorable`: no store will ever
 * hold it.
 */
export type Acceptance =
  | (Omit<Promotion, "before" | "outcome"> & { outcome: "accepted"; quotas: Quotas })
  | { outcome: "replayed"; job: Job }
  | { outcome: "conflict"; job: Job; differs: string[] }
  | { outcome: "limited"; quota: keyof Quotas; until: Date; quotas: Quotas }
  | { outcome: "unstorable" };

/**
 * Decides what becomes of a submission at `now`. Pure; the store reads `submissionReads` and commits the answer, all or
 * nothing.
 */
export function accept(
  submission: Submission,
  context: PromotionContext & { existing?: ExistingJob },
  now: Date,
  timing: Timing = DEFAULT_TIMING,
): Acceptance {
  if (context.existing) return replay(context.existing, submission);
  const counting = countSubmission(
    context.usage ?? newUsage(submission.owner, now),
    submission.limits,
    now,
    submission.inputBytes,
  );
  if (counting.outcome === "exceeded") return { ...counting, outcome: "limited" };
  const { usage, quotas } = counting;
  const job: PendingJob = { ...newJob(submission, now), ...(usage.endpoints && { hasEndpoints: true }) };
  const moved = promote(job, { ...context, usage }, now, timing);
  if (moved.outcome === "refused") throw new Error(`a new job was refused: ${moved.reason}`);
  const { before: _, outcome: __, ...accepted } = moved;
  return { outcome: "accepted", usage, ...accepted, quotas };
}

function replay(existing: ExistingJob, submission: Submission): Acceptance {
  const { job } = existing;
  const [before = {}, now = {}] = [job.requestHashes, submission.requestHashes];
  const parts = new Set([...Object.keys(before), ...Object.keys(now)]);
  const differs = [...parts].filter((part) => before[part] !== now[part]);
  if (!hasSameUrl(existing, submission)) differs.push("webhookUrl");
  return differs.length === 0 ? { outcome: "replayed", job } : { outcome: "conflict", job, differs: differs.sort() };
}

function hasSameUrl({ job, webhookUrl }: ExistingJob, submission: Submission): boolean {
  if (webhookUrl !== undefined) return submission.webhookUrl === webhookUrl;
  return (submission.webhookUrl !== undefined) === (job.hasWebhookUrl ?? false);
}

/** Lists what `accept` reads for a new job: whatever its promotion reads, and the owner's usage, which counts it. */
export function submissionReads(job: PendingJob, now: Date): PromotionReads {
  return { ...promotionReads(job, now), usage: true };
}

/** The job before any stage of its promotion: for all that is known, it waits for its time. */
export function newJob({ limits, inputBytes: _, webhookUrl, ...request }: Submission, now: Date): PendingJob {
  const retentionMs = retentionMsOf(limits.retentionDays);
  return {
    ...request,
    ...(webhookUrl !== undefined && { hasWebhookUrl: true }),
    status: "pending",
    waitingFor: "time",
    dueAt: now,
    progress: 0,
    attempt: 0,
    concurrencyLimit: limits.activeJobs,
    maxFileBytes: limits.maxFileBytes,
    shard: shardOf(request.jobId),
    createdAt: now,
    updatedAt: now,
    retentionMs,
    // A job that waits for its time is kept until then.
    expireAt: expiryOf(request.runAt && request.runAt > now ? request.runAt : now, retentionMs),
    history: [],
  };
}
