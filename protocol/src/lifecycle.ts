import { z } from "zod";
import { JobEventType } from "./events.ts";
import { JobError, JobStatus } from "./jobs.ts";

/** The events of a job, as topic `baton-events` tells it: the three ends of `JobEventType`, and what comes before. */
export const LifecycleEventType = z.enum(["job.queued", "job.started", "job.progress", ...JobEventType.options]);
export type LifecycleEventType = z.infer<typeof LifecycleEventType>;

/**
 * Data of a message on topic `baton-events`, as JSON. Its attributes are `eventId`, `type`, `jobType` and `owner`, for
 * filters of subscriptions; its ordering key is the `jobId`. A message may come more than once, with the same
 * `eventId`.
 */
export const LifecycleEvent = z.object({
  eventId: z.string(),
  type: LifecycleEventType,
  /** Instant at which it happened. */
  timestamp: z.iso.datetime(),
  data: z.object({
    jobId: z.string(),
    type: z.string(),
    owner: z.string(),
    status: JobStatus,
    attempt: z.int().min(0),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()),
    /** 0 to 1, and what the handler says it is doing; before the end. */
    progress: z.number().min(0).max(1).optional(),
    step: z.string().optional(),
    /**
     * At the end: why the job failed, whether it shares the result of an equal job, and the time since its submission.
     */
    error: JobError.optional(),
    cached: z.boolean().optional(),
    durationMs: z.int().min(0).optional(),
  }),
});
export type LifecycleEvent = z.infer<typeof LifecycleEvent>;
