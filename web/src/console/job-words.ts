import type { JobView, Open } from "@baton/client";
import type { JobStatus, WaitingFor } from "@baton/protocol";
import type { StepWords, TypeView } from "../job-views/type-view.ts";
import { type Wait, waitOf } from "./job-waits.ts";

const STATUS: Record<JobStatus, { label: string; color: string }> = {
  pending: { label: "Pending", color: "gray" },
  queued: { label: "Queued", color: "blue" },
  processing: { label: "Processing", color: "indigo" },
  completed: { label: "Completed", color: "teal" },
  failed: { label: "Failed", color: "red" },
  cancelled: { label: "Cancelled", color: "gray" },
};

const instant = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** Gives label and color of a status. A status of a newer server has its own name as the label. */
export function statusOf(status: Open<JobStatus>): { label: string; color: string } {
  const known = Object.entries(STATUS).find(([name]) => name === status)?.[1];
  return known ?? { label: status.charAt(0).toUpperCase() + status.slice(1), color: "gray" };
}

/** Gives the text of a job's badge: its status, or for an active job a more exact word. */
export function badgeOf(job: JobView): string {
  if (job.cancelRequested && job.status === "processing") return "Cancelling";
  const kind = waitOf(job)?.kind;
  if (kind === "sleep") return "Sleeping";
  return kind === "retry" ? "Retrying" : statusOf(job.status).label;
}

const WAITING: Record<WaitingFor, string> = {
  time: "Waiting for its time",
  result: "Waiting for the result of an equal job",
  lane: "Waiting for the jobs before it",
  slot: "Waiting for a free slot among your active jobs",
  unpublished: "Waiting to be queued",
};

/** Gives the title of a job: the `title` of its metadata, else its type. */
export function titleOf(job: JobView): string {
  return job.metadata.title?.trim() || job.type;
}

/** Describes in a few words what an active job does now. `steps` has the words for the steps of its type. */
export function activityOf(job: JobView, steps: readonly StepWords[]): string {
  if (job.cancelRequested) return "Stopping";
  const wait = waitOf(job);
  if (wait) return againOf(job, wait);
  if (job.status === "pending") return waitingOf(job);
  if (job.status === "queued") return "Waiting for a worker";
  const { step } = job;
  if (step === undefined) return "Starting";
  const doing = steps[stepIndex(steps, step)]?.doing ?? step;
  return typeof doing === "string" ? doing : doing(step);
}

/** Finds the words for a step by one of its names; -1 when there are none. */
export function stepIndex(steps: readonly StepWords[], name: string | undefined): number {
  return steps.findIndex(({ step, alsoNamed }) => step === name || (name !== undefined && alsoNamed?.test(name)));
}

/** Describes what a job waits for after it ran. Its time has come once it is queued without a reason. */
function againOf({ runAt, status, history, maxAttempts }: JobView, wait: Wait): string {
  const isTimeOver = status === "queued" && history.at(-1)?.reason === undefined;
  const at = runAt && !isTimeOver ? instant.format(new Date(runAt)) : undefined;
  if (wait.kind === "sleep" && at) return `Sleeping until ${at}`;
  if (wait.kind !== "retry") return "Waiting for a worker to continue";
  const next = `attempt ${wait.nextAttempt} of ${maxAttempts}`;
  return at ? `Waiting for ${next} at ${at}` : `Waiting for a worker: ${next}`;
}

function waitingOf({ waitingFor = "unpublished", runAt }: JobView): string {
  if (waitingFor === "time" && runAt) return `Waiting until ${instant.format(new Date(runAt))}`;
  return Object.entries(WAITING).find(([name]) => name === waitingFor)?.[1] ?? "Waiting";
}

/** Gives the advice for the error code of a failed job. `advice` is that of its type. */
export function adviceOf(code: string, advice: TypeView["advice"]): string {
  return advice.get(code) ?? "Change the input if the message names it. Otherwise submit the job again later.";
}
