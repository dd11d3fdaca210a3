import type { SubmitJobRequest } from "@baton/protocol";
import type { Principal } from "../accounts/principal.ts";
import { limitsOf, type Tiers } from "../accounts/tiers.ts";
import type { JobType } from "../job-types/define-job.ts";
import { jobIdOf, laneIdOf, requestHashes } from "../kit/derived-ids.ts";
import type { Clock, Ids, Log } from "../kit/ports.ts";
import type { Refusal } from "../kit/refusal.ts";
import { cachePlace } from "./cache-place.ts";
import { checkInput } from "./check-input.ts";
import type { Engine } from "./engine.ts";
import type { JobStore, WebhookUrlPolicy } from "./ports.ts";
import type { Job } from "./rules/job.ts";
import type { Acceptance, Submission } from "./rules/submission.ts";
import type { Quotas } from "./rules/usage.ts";
import { checkRunAt, checkWebhookUrl, conflict, quotaExceeded, UNSTORABLE, unknownType } from "./submit-refusals.ts";

interface SubmitPorts {
  engine: Pick<Engine, "perform">;
  jobs: Pick<JobStore, "submit">;
  clock: Clock;
  log: Log;
  types: ReadonlyMap<string, JobType>;
  tiers: Tiers;
  webhookUrls: WebhookUrlPolicy;
  ids: Pick<Ids, "jobId">;
}

/** One request to submit a job, by a verified caller. */
export interface SubmitRequest {
  caller: Principal;
  request: SubmitJobRequest;
  idempotencyKey?: string;
  /** W3C trace context of the request, handed on to the worker. */
  traceparent?: string;
}

/** The outcome of a submission. */
export type Submitted =
  | { outcome: "accepted"; job: Job; quotas: Quotas }
  /** The same request was accepted before, and this is its job as it is now. */
  | { outcome: "replayed"; job: Job }
  | { outcome: "refused"; refusal: Refusal }
  /** Over a quota; `refusal` says when to submit again. */
  | { outcome: "limited"; refusal: Refusal; quotas: Quotas };

/**
 * Stores a job and sends its id to the workers. An accepted job is stored, whatever becomes of its message: when
 * Pub/Sub does not take it, the job is held back as `pending` for the sweep. A refused one leaves no trace, and uses no
 * quota. Rejects when the store is unreachable, and when the schema of the type does not answer.
 */
export async function submitJob(ports: SubmitPorts, asked: SubmitRequest): Promise<Submitted> {
  const { caller, request } = asked;
  const now = ports.clock.now();
  const limits = limitsOf(ports.tiers, caller.tier);
  const type = ports.types.get(request.type);
  if (!type) return refused(unknownType(ports.types));
  const input = await checkInput(type, request.input, limits);
  if ("code" in input) return refused(input);
  const refusal = checkWebhookUrl(ports.webhookUrls, request.webhookUrl) ?? checkRunAt(request.runAt, now);
  if (refusal) return refused(refusal);
  const cache = cachePlace(type, caller.uid, input);
  if ("code" in cache) return refused(cache);

  const submission = submissionOf(ports, asked, type, { ...cache, limits, inputBytes: input.bytes });
  const answer = await ports.jobs.submit(submission, input.sent, now);
  switch (answer.outcome) {
    case "accepted":
      return { outcome: "accepted", job: await sendOn(ports, answer), quotas: answer.quotas };
    case "replayed":
      return answer;
    case "conflict":
      return refused(conflict(answer.job, answer.differs));
    case "limited":
      return { outcome: "limited", refusal: quotaExceeded(answer), quotas: answer.quotas };
    case "unstorable":
      return refused(UNSTORABLE);
  }
}

function refused(refusal: Refusal): Submitted {
  return { outcome: "refused", refusal };
}

function submissionOf(
  ports: SubmitPorts,
  { caller, request, idempotencyKey, traceparent }: SubmitRequest,
  { type, queue, retry, onCancel }: JobType,
  also: Pick<Submission, "cache" | "limits" | "inputBytes">,
): Submission {
  const { tags = [], metadata = {}, webhookUrl, runAt, orderingKey } = request;
  const owner = caller.uid;
  return {
    jobId: idempotencyKey === undefined ? ports.ids.jobId() : jobIdOf(owner, idempotencyKey),
    type,
    owner,
    queue,
    maxAttempts: retry.maxAttempts,
    tags,
    metadata,
    ...(webhookUrl !== undefined && { webhookUrl }),
    ...(runAt !== undefined && { runAt: new Date(runAt) }),
    ...(orderingKey !== undefined && { orderingKey, lane: laneIdOf(owner, orderingKey) }),
    ...also,
    ...(onCancel && { hasCleanUp: true }),
    ...(idempotencyKey !== undefined && { requestHashes: requestHashes(request) }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

type Accepted = Extract<Acceptance, { outcome: "accepted" }>;

/** From here on the job is accepted: the sweep repairs what fails, or does not answer. */
async function sendOn(ports: SubmitPorts, { job, effects }: Accepted): Promise<Job> {
  try {
    return await ports.engine.perform(job, effects);
  } catch (error) {
    ports.log.warn("A job was stored, and what follows took too long; the sweep repairs it.", {
      event: "job.effect-late",
      jobId: job.jobId,
      error,
    });
    return job;
  }
}
