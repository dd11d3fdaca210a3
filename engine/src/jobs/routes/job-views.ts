import type { JobResultView, JobView } from "@baton/protocol";
import type { Job, JobResult } from "../rules/job.ts";

/** Shows a job to its owner: without lease, shard and other internal fields. */
export function jobView(job: Job): JobView {
  return {
    jobId: job.jobId,
    type: job.type,
    owner: job.owner,
    queue: job.queue,
    status: job.status,
    ...(job.waitingFor && { waitingFor: job.waitingFor }),
    ...(job.runAt && { runAt: job.runAt.toISOString() }),
    ...(job.orderingKey !== undefined && { orderingKey: job.orderingKey }),
    progress: job.progress,
    ...(job.step !== undefined && { step: job.step }),
    attempt: job.attempt,
    maxAttempts: job.maxAttempts,
    ...(job.cached && { cached: true }),
    ...(job.cancelRequested && { cancelRequested: true }),
    ...(job.error && { error: job.error }),
    tags: job.tags,
    metadata: job.metadata,
    createdAt: job.createdAt.toISOString(),
    ...(job.queuedAt && { queuedAt: job.queuedAt.toISOString() }),
    ...(job.startedAt && { startedAt: job.startedAt.toISOString() }),
    ...(job.finishedAt && { finishedAt: job.finishedAt.toISOString() }),
    updatedAt: job.updatedAt.toISOString(),
    history: job.history.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })),
    ...(job.droppedProcessingMs !== undefined && { droppedProcessingMs: job.droppedProcessingMs }),
  };
}

/** Shows the result of a final job to its owner. */
export function resultView(result: JobResult): JobResultView {
  return {
    jobId: result.jobId,
    type: result.type,
    owner: result.owner,
    status: result.status,
    ...(result.output !== undefined && { output: result.output }),
    ...(result.error && { error: result.error }),
    attempt: result.attempt,
    ...(result.cached && { cached: true }),
    durationMs: result.durationMs,
    createdAt: result.createdAt.toISOString(),
  };
}
