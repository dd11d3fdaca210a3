import type { JsonValue, SubmitJobRequest } from "@baton/protocol";
import type { Principal } from "../accounts/principal.ts";
import { limitsOf, type Tiers } from "../accounts/tiers.ts";
import { type Refusal, reach } from "../http/problems.ts";
import type { JobType } from "../job-types/define-job.ts";
import { cacheKeyOf, jobIdOf, laneIdOf, requestHashes } from "../kit/derived-ids.ts";
import type { Copied } from "../kit/plain-copy.ts";
import type { Clock, Ids, Log } from "../kit/ports.ts";
import { toExactJson } from "../kit/to-json.ts";
import { checkInput, checkRunAt, checkWebhookUrl } from "./check-submission.ts";
import type { Engine } from "./engine.ts";
import type { JobStore, WebhookUrlPolicy } from "./ports.ts";
import { quotaExceeded } from "./quota-answers.ts";
import type { Job } from "./rules/job.ts";
import type { Acceptance, Submission } from "./rules/submission.ts";
import type { Quotas } from "./rules/usage.ts";

interface SubmitPorts {
  engine: Engine;
  jobs: JobStore;
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

/** The outcome of a submission. `replayed`: the same request was accepted before, and this is its job as it is now. */
export type Submitted =
  | { outcome: "accepted"; job: Job; quotas: Quotas }
  | { outcome: "replayed"; job: Job }
  | { outcome: "refused"; refusal: Refusal };

/**
 * Stores a job and sends its id to the workers. An accepted job is stored, whatever becomes of its message: when Pub/Sub
 * does not take it, the job is held back as `pending` for the sweep. A refused one leaves no trace, and uses no quota.
 * Throws `UnavailableError` when the store could not be reached.
 */
export async function submitJob(ports: SubmitPorts, asked: SubmitRequest): Promise<Submitted> {
  const { caller, request } = asked;
  const now = ports.clock.now();
  const limits = limitsOf(ports.tiers, caller.tier);
  const type = ports.types.get(request.type);
  if (!type) return refused(unknownType(ports.types));
  const input = await reach(`the input schema of job type "${type.type}"`, checkInput(type, request.input, limits));
  if ("code" in input) return refused(input);
  const refusal = checkWebhookUrl(ports.webhookUrls, request.webhookUrl) ?? checkRunAt(request.runAt, now);
  if (refusal) return refused(refusal);

  const cache = cacheOf(type, caller.uid, request.input, input.parsed);
  if ("code" in cache) return refused(cache);
  const submission = submissionOf(ports, asked, type, { ...cache, limits, inputBytes: input.bytes });
  const answer = await reach("the job store", ports.jobs.submit(submission, input.sent, now));
  switch (answer.outcome) {
    case "accepted":
      return { outcome: "accepted", job: await sendOn(ports, answer), quotas: answer.quotas };
    case "replayed":
      return answer;
    case "conflict":
      return refused(conflict(answer.job, answer.differs));
    case "limited":
      return refused(quotaExceeded(answer.quota, answer.until, answer.quotas));
    case "unstorable":
      return refused(UNSTORABLE);
  }
}

const UNSTORABLE: Refusal = {
  code: "invalid-request",
  detail:
    "Firestore cannot hold this job, however often it is sent. Send a plainer input, tags and metadata, or split it.",
};

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

/**
 * Names the place where the result of an equal input is remembered. Inputs are equal as the type reads them, so one
 * that names a default equals one that leaves it out. Where the type reads something that JSON cannot carry, they are
 * equal as they were sent.
 */
function cacheOf(
  { type, cache }: JobType,
  owner: string,
  sent: JsonValue,
  parsed: unknown,
): Pick<Submission, "cache"> | Refusal {
  if (!cache) return {};
  const key = cache.key ? keyOf(cache.key, parsed) : toExactJson(parsed);
  if ("fault" in key && cache.key) {
    const { pointer, problem } = key.fault;
    const place = pointer === "" ? "the key itself" : `the value at ${pointer}`;
    const message = `the job type makes a cache key of it that is not JSON: ${place} ${problem}`;
    return { code: "invalid-input", detail: `/input: ${message}.`, errors: [{ pointer: "/input", message }] };
  }
  const equal = "fault" in key ? sent : key.value;
  const scope = { type, version: cache.version, key: equal, ...(!cache.isPublic && { owner }) };
  return { cache: { key: cacheKeyOf(scope), ttlMs: cache.ttlMs } };
}

function keyOf(makeKey: (input: unknown) => unknown, parsed: unknown): Copied<JsonValue> {
  try {
    return toExactJson(makeKey(parsed));
  } catch {
    return { fault: { kind: "not-allowed", pointer: "", problem: "could not be made: making it threw an error" } };
  }
}

type Accepted = Extract<Acceptance, { outcome: "accepted" }>;

/** From here on the job is accepted: the sweep repairs what fails, or does not answer. */
async function sendOn(ports: SubmitPorts, { job, effects }: Accepted): Promise<Job> {
  try {
    return await reach("the job store or the publisher", ports.engine.perform(job, effects));
  } catch (error) {
    ports.log.warn("A job was stored, and what follows took too long; the sweep repairs it.", {
      event: "job.effect-late",
      jobId: job.jobId,
      error,
    });
    return job;
  }
}

function conflict({ jobId }: Job, differs: readonly string[]): Refusal {
  const detail =
    `This Idempotency-Key was used before, for job ${jobId}, with another ${differs.join(", ")}. ` +
    "Repeat that request as it was, or take a new key.";
  const message = "differs from the first request with this key";
  return { code: "idempotency-conflict", detail, errors: differs.map((part) => ({ pointer: `/${part}`, message })) };
}

function unknownType(types: ReadonlyMap<string, JobType>): Refusal {
  const known = [...types.keys()].sort().join(", ");
  const errors = [{ pointer: "/type", message: `must be one of: ${known}` }];
  return { code: "unknown-job-type", detail: `There is no such job type. Known types: ${known}.`, errors };
}

function refused(refusal: Refusal): { outcome: "refused"; refusal: Refusal } {
  return { outcome: "refused", refusal };
}
