import type { EnginePorts } from "./engine.ts";
import type { Job } from "./rules/job.ts";
import { WAKE_WITHIN_MS } from "./rules/timing.ts";

/** How long a job waits for the sweep when Pub/Sub did not take its message. */
const REPUBLISH_AFTER_MS = 30_000;

/**
 * Publishes messages of jobs. No call rejects: a message that Pub/Sub does not take is logged, and the sweep sends it.
 */
export interface JobMessages {
  /** Publishes a queued job; when Pub/Sub does not take it, defers it. Answers the job as it is then. */
  job(job: Job): Promise<Job>;
  /** Has a job looked at again at an instant that is near. The sweep sees to one that is further away. */
  wake(job: Job, at: Date): Promise<undefined>;
  /** Publishes a job without attempts left. When it is lost, only the list that operators look at lacks it. */
  deadLetter(job: Job): Promise<undefined>;
}

/** The messages of jobs over the engine's ports. */
export function publisherOf({ jobs, publisher, clock, log }: EnginePorts): JobMessages {
  return {
    async job(job) {
      const { jobId, queue, traceparent } = job;
      try {
        await publisher.publishJob(queue, { jobId, ...(traceparent !== undefined && { traceparent }) });
        return job;
      } catch (error) {
        const fields = { event: "job.unpublished", jobId, queue, error };
        log.warn("A job was stored but not published; the sweep will publish it.", fields);
      }
      return defer(job);
    },

    async wake({ jobId }, at) {
      if (at.getTime() - clock.now().getTime() > WAKE_WITHIN_MS) return;
      try {
        await publisher.publishWake({ jobId, at: at.toISOString() });
      } catch (error) {
        const fields = { event: "job.wake-unpublished", jobId, error };
        log.warn("A job that waits will be late: its wake was not published. The sweep moves it.", fields);
      }
    },

    async deadLetter(job) {
      try {
        await publisher.publishDeadLetter(job);
      } catch (error) {
        const fields = { event: "job.dead-letter-unpublished", jobId: job.jobId, error };
        log.error("A job without attempts left was not published as a dead letter.", fields);
      }
    },
  };

  /** Whatever happens here, the job is stored and has a `dueAt`. */
  async function defer(job: Job): Promise<Job> {
    const { jobId } = job;
    try {
      const now = clock.now();
      const dueAt = new Date(now.getTime() + REPUBLISH_AFTER_MS);
      const answer = await jobs.apply(jobId, { kind: "deferPublish", dueAt }, now);
      return answer.outcome === "not-found" ? job : answer.job;
    } catch (error) {
      const fields = { event: "job.not-deferred", jobId, error };
      log.error("A job that was not published could not be deferred, either; the sweep publishes it.", fields);
      return job;
    }
  }
}
