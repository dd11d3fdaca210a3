import { withEngine } from "../jobs/engine.ts";
import type { JobPublisher } from "../jobs/ports.ts";
import { isFinal, type Job } from "../jobs/rules/job.ts";
import { moveDueJobs } from "../jobs/sweep/due-jobs.ts";
import { handOverSleepingJobs } from "../jobs/sweep/sleeping-jobs.ts";
import { wakeJob } from "../jobs/wake-job.ts";
import type { Log } from "../kit/ports.ts";
import type { FakeClock } from "./fake-clock.ts";
import type { MemoryJobStore } from "./memory-job-store.ts";

/** Carries a job from one worker to the next one, as Pub/Sub, function `wake` and the sweep do, in virtual time. */
export interface VirtualCloud {
  /** A message goes out only through this. */
  publisher: JobPublisher;
  /** The message whose worker has died comes again, as soon as Pub/Sub brings it. */
  redeliver(): void;
  /** Lets time pass until a message comes; answers false when the job ends before. */
  nextMessage(): Promise<boolean>;
}

/** Pause of Pub/Sub before it delivers again what was not acknowledged. Source: infra/src/subscription-policy.ts */
const REDELIVERY_MS = 10_000;
/** As deployed: how often the sweep comes, and how far it looks ahead. */
const SWEEP_EVERY_MS = 60_000;
const LOOK_AHEAD_MS = 75_000;

/** The cloud around the one job of `jobs`, which `read` answers. */
export function virtualCloud(
  { jobs, clock, log }: { jobs: MemoryJobStore; clock: FakeClock; log: Log },
  read: () => Promise<Job>,
): VirtualCloud {
  const startMs = clock.now().getTime();
  let messages = 0;
  let somethingHappened = () => {};
  const arrive = () => {
    messages += 1;
    somethingHappened();
  };
  const publisher: JobPublisher = {
    publishJob: async () => arrive(),
    async publishWake(message) {
      const ports = { ...withEngine({ jobs, clock, log, publisher }), bounded: <T>(work: () => Promise<T>) => work() };
      void wakeJob(ports, { messageId: "wake", attributes: message }).then(() => somethingHappened());
    },
    publishDeadLetter: async () => undefined,
  };

  async function sweep(): Promise<void> {
    const now = clock.now();
    const ports = withEngine({ jobs, due: jobs, clock, log, publisher });
    await moveDueJobs(ports, now, now);
    await handOverSleepingJobs(ports, now, new Date(now.getTime() + LOOK_AHEAD_MS), now);
  }

  /** Milliseconds to the next run of the sweep that finds the job; the runs before it would find nothing. */
  function untilSweep({ dueAt = clock.now(), waitingFor }: Job): number {
    const passedMs = clock.now().getTime() - startMs;
    const seenFromMs = dueAt.getTime() - startMs - (waitingFor === "time" ? LOOK_AHEAD_MS : 0);
    const run = Math.max(Math.floor(passedMs / SWEEP_EVERY_MS) + 1, Math.ceil(seenFromMs / SWEEP_EVERY_MS));
    return run * SWEEP_EVERY_MS - passedMs;
  }

  async function waitForSomething(job: Job): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    somethingHappened = resolve;
    let isSwept = false;
    const stopTimer = clock.after(untilSweep(job), () => {
      isSwept = true;
      resolve();
    });
    await clock.runUntil(promise);
    stopTimer();
    if (isSwept) await sweep();
  }

  return {
    publisher,
    redeliver: () => void clock.after(REDELIVERY_MS, arrive),
    async nextMessage() {
      for (let job = await read(); !isFinal(job.status); job = await read()) {
        if (messages > 0) {
          messages -= 1;
          return true;
        }
        await waitForSomething(job);
      }
      return false;
    },
  };
}
