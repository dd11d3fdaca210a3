import type { JobError } from "@baton/protocol";
import type { JobType } from "../../job-types/define-job.ts";
import { classify, isPermanent } from "../../job-types/job-errors.ts";
import { JOB_RETRY } from "../../job-types/retry-policy.ts";
import { storableText } from "../../kit/payload-limits.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { Job } from "../rules/job.ts";
import type { JobCommand } from "../rules/transitions.ts";
import { delayAfter } from "./retry-delay.ts";

/** Bounds on an error's texts, which the job's document, its result and its webhook carry. */
const MAX_ERROR_CODE_CHARACTERS = 100;
const MAX_ERROR_MESSAGE_CHARACTERS = 2000;

/**
 * Logs a failed attempt, and gives the command that ends it. A job of an unknown type (`type` is undefined) is tried
 * again as any other: the next deployment may know the type.
 */
export function failureOf(
  { clock, log, random }: { clock: Clock; log: Log; random: () => number },
  { jobId, type: name, attempt, lostLeases = 0 }: Job,
  leaseId: string,
  type: JobType | undefined,
  error: unknown,
): JobCommand {
  log.warn("An attempt failed.", { event: "job.attempt-failed", jobId, type: name, attempt, error });
  const now = clock.now();
  const delayMs = delayAfter(error, type?.retry ?? JOB_RETRY, attempt - lostLeases, random(), now);
  const retryAt = new Date(now.getTime() + delayMs);
  return { kind: "fail", leaseId, error: toJobError(error), isPermanent: isPermanent(error), retryAt };
}

/** The error as the owner sees it. An error the handler did not mean for them stays in the logs. */
function toJobError(error: unknown): JobError {
  const classified = classify(error);
  if (classified.kind !== "unexpected") {
    return {
      code: storableText(classified.code, MAX_ERROR_CODE_CHARACTERS),
      message: storableText(classified.message, MAX_ERROR_MESSAGE_CHARACTERS),
    };
  }
  return { code: "internal", message: "The job failed unexpectedly. The details are in the logs of the worker." };
}
