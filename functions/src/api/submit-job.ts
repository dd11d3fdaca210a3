import type { JobMessage, JsonValue, SubmitJobRequest } from "@baton/protocol";
import type { Job } from "../core/job.ts";
import { MAX_PAYLOAD_BYTES } from "../core/limits.ts";
import { newJob } from "../core/new-job.ts";
import type { JobType } from "../jobs/define-job.ts";
import type { ApiPorts } from "./api-ports.ts";
import { bodyIssues, summary } from "./issues.ts";
import { type Refusal, reach } from "./problems.ts";

/** How long a job waits for the sweep when Pub/Sub did not take its message. */
const REPUBLISH_AFTER_MS = 30_000;

type SubmitPorts = Pick<ApiPorts, "jobs" | "publisher" | "types" | "urlGuard" | "clock" | "ids" | "log">;

/** One submission by a verified caller. */
export interface Submission {
  owner: string;
  request: SubmitJobRequest;
  /** W3C trace context of the request, handed on to the worker. */
  traceparent?: string;
}

/**
 * Stores a job and sends its id to the workers. An accepted job is stored, whatever becomes of its message: when
 * Pub/Sub does not take it, the job is held back as `pending` for the sweep. A refused one leaves no trace.
 * Throws `UnavailableError` when the store could not be reached.
 */
export async function submitJob(
  ports: SubmitPorts,
  { owner, request, traceparent }: Submission,
): Promise<{ outcome: "accepted"; job: Job } | { outcome: "refused"; refusal: Refusal }> {
  const type = ports.types.get(request.type);
  if (!type) return refused(unknownType(ports.types));
  const input = checkInput(type, request.input);
  if ("code" in input) return refused(input);
  const refusal = checkWebhookUrl(ports, request.webhookUrl);
  if (refusal) return refused(refusal);

  const { tags = [], metadata = {}, webhookUrl } = request;
  const { queue, retry } = type;
  const jobId = ports.ids.jobId();
  const submitted = { jobId, type: type.type, owner, queue, maxAttempts: retry.maxAttempts, tags, metadata };
  const job = newJob({ ...submitted, ...(webhookUrl !== undefined && { webhookUrl }) }, ports.clock.now());
  // The id is random, so `exists` can only be this very write, repeated below us after its answer was lost.
  await reach("the job store", ports.jobs.create(job, input.value));
  return { outcome: "accepted", job: await publish(ports, job, { jobId, ...(traceparent && { traceparent }) }) };
}

function checkInput(type: JobType, input: JsonValue): { value: JsonValue } | Refusal {
  const parsed = type.input.safeParse(input);
  if (!parsed.success) {
    const errors = bodyIssues(parsed.error.issues, "/input");
    return { code: "invalid-input", detail: summary(errors), errors };
  }
  // Through text once: that measures it, and leaves nothing in it that JSON cannot carry.
  const text = JSON.stringify(parsed.data);
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
    const detail = "The input is over 900 KiB (921,600 bytes) as JSON. Split it into several jobs.";
    return { code: "input-too-large", detail };
  }
  return { value: JSON.parse(text) };
}

function checkWebhookUrl(ports: SubmitPorts, webhookUrl: string | undefined): Refusal | undefined {
  if (webhookUrl === undefined) return undefined;
  const verdict = ports.urlGuard.judge(webhookUrl);
  if (verdict.outcome === "allowed") return undefined;
  const errors = [{ pointer: "/webhookUrl", message: verdict.message }];
  return { code: "webhook-url-refused", detail: verdict.message, errors };
}

async function publish(ports: SubmitPorts, job: Job, message: JobMessage): Promise<Job> {
  try {
    await ports.publisher.publishJob(job.queue, message);
    return job;
  } catch (error) {
    ports.log.warn("job stored but not published", { jobId: job.jobId, queue: job.queue, error });
    return hold(ports, job);
  }
}

/** Whatever happens here, the job is stored and has a `dueAt`: the sweep will find it. */
async function hold(ports: SubmitPorts, job: Job): Promise<Job> {
  const now = ports.clock.now();
  const dueAt = new Date(now.getTime() + REPUBLISH_AFTER_MS);
  try {
    const held = await reach("the job store", ports.jobs.apply(job.jobId, { kind: "hold", dueAt }, now));
    return held.outcome === "not-found" ? job : held.job;
  } catch (error) {
    ports.log.warn("unpublished job not held", { jobId: job.jobId, error });
    return job;
  }
}

function unknownType(types: ReadonlyMap<string, JobType>): Refusal {
  const known = [...types.keys()].sort().join(", ");
  const errors = [{ pointer: "/type", message: `must be one of: ${known}` }];
  return { code: "unknown-job-type", detail: `There is no such job type. Known types: ${known}.`, errors };
}

function refused(refusal: Refusal): { outcome: "refused"; refusal: Refusal } {
  return { outcome: "refused", refusal };
}
