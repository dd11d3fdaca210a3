import type { Clock, Log } from "../../kit/ports.ts";
import type { DueJob, JobPublisher, JobStore } from "../ports.ts";
import { WAKE_WITHIN_MS } from "../rules/timing.ts";

/** The ports of handing over jobs. */
export interface SleepingJobsPorts {
  jobs: Pick<JobStore, "listSleeping">;
  publisher: Pick<JobPublisher, "publishWake">;
  clock: Clock;
  log: Log;
}

/** Jobs that are asked for at a time. */
const PAGE = 500;

/**
 * Hands the jobs whose time comes after `now` and by `by` to function `wake`, which moves each on when it does; answers
 * how many. A job that began to wait less than a minute before its time was handed over then. Begins no page after
 * `endsAt`. Rejects when it cannot be known which there are; a job whose message is not taken is moved on by a later
 * sweep.
 */
export async function handOverSleepingJobs(
  ports: SleepingJobsPorts,
  now: Date,
  by: Date,
  endsAt: Date,
): Promise<number> {
  let handedOver = 0;
  for (let last: DueJob | undefined; ; ) {
    const page: readonly DueJob[] = await ports.jobs.listSleeping(last ?? { dueAt: now }, by, PAGE);
    const published = await Promise.all(page.map((job) => handOver(ports, job)));
    handedOver += published.filter(Boolean).length;
    last = page.at(-1);
    if (page.length < PAGE || ports.clock.now() >= endsAt) return handedOver;
  }
}

async function handOver({ publisher, log }: SleepingJobsPorts, { jobId, dueAt, since }: DueJob): Promise<boolean> {
  if (since && dueAt.getTime() - since.getTime() <= WAKE_WITHIN_MS) return false;
  try {
    await publisher.publishWake({ jobId, at: dueAt.toISOString() });
    return true;
  } catch (error) {
    log.warn("A job that waits will be late: its wake was not published. A later sweep moves it.", {
      event: "job.wake-unpublished",
      jobId,
      error,
    });
    return false;
  }
}
