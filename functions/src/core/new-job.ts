import { type Job, MESSAGE_LOST_MS } from "./job.ts";
import { expiryOf } from "./retention.ts";
import { shardOf } from "./shard.ts";

/** What a submission says of a job; everything else follows. */
export type NewJob = Pick<
  Job,
  "jobId" | "type" | "owner" | "queue" | "maxAttempts" | "tags" | "metadata" | "webhookUrl"
>;

/** The document of a job accepted at `now`: `queued`, never run. */
export function newJob(request: NewJob, now: Date): Job {
  return {
    ...request,
    status: "queued",
    progress: 0,
    attempt: 0,
    shard: shardOf(request.jobId),
    dueAt: new Date(now.getTime() + MESSAGE_LOST_MS),
    createdAt: now,
    queuedAt: now,
    updatedAt: now,
    expireAt: expiryOf(now),
    history: [{ status: "queued", at: now, attempt: 0 }],
  };
}
