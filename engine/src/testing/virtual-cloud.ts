import { withEngine } from "../jobs/engine.ts";
import type { JobPublisher } from "../jobs/ports.ts";
import { isFinal, type Job } from "../jobs/rules/job.ts";
import { moveDueJobs } from "../jobs/sweep/due-jobs.ts";
import { handOverSleepingJobs } from "../jobs/sweep/sleeping-jobs.ts";
import { wakeJob } from "../jobs/wake-job.ts";
import { deferred } from "../kit/deferred.ts";
import type { Log } from "../kit/ports.ts";
import type { FakeClock } from "./fake-clock.ts";
import type { MemoryJobStore } from "./memory-job-store.ts";

/** Carries a job from one worker to the next one, as Pub/Sub, function `wake` and the sweep do, in virtual time. */
export interface VirtualCloud {
  /** Publishes all messages of the job. */
  publisher: JobPublisher;
  /** Delivers the message of a dead worker again, after the pause of Pub/Sub. */
  redeliver(): void;
  /** Lets time pass until a message comes; answers false when the job ends before. */
  nextMessage(): Promise<boolean>;
}

interface CloudPorts {
  jobs: MemoryJobStore;
  clock: FakeClock;
  log: Log;
}

/** Pause of Pub/Sub before it delivers again what was not acknowledged. Source: infra/src/subscription-policy.ts */
const REDELIVERY_MS = 10_000;
/** As deployed: how often the sweep comes, and how far it looks ahead. */
const SWEEP_EVERY_MS = 60_000;
const LOOK_AHEAD_MS = 75_000;

/** Makes the cloud around the one job of `jobs`, which `read` gives. */
export function virtualCloud(ports: CloudPorts, read: () => Promise<Job>): VirtualCloud {
  const { clock } = ports;
  const startMs = clock.now().getTime();
  let messages = 0;
  let somethingHappened = () => {};
  const arrive = () => {
    messages += 1;
    somethingHappened();
  };
  const publisher = virtualPublisher(ports, arrive, () => somethingHappened());

  async function waitForSomething(job: Job): Promise<void> {
    const { promise, resolve } = deferred<void>();
    somethingHappened = resolve;
    let isSwept = false;
    const stopTimer = clock.after(msToSweep(job, startMs, clock.now()), () => {
      isSwept = true;
      resolve();
    });
    await clock.runUntil(promise);
    stopTimer();
    if (isSwept) await sweep({ ...ports, publisher });
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

/** Calls `onMessage` for each message to a worker, and `onWoken` after function `wake` has looked at the job. */
function virtualPublisher(ports: CloudPorts, onMessage: () => void, onWoken: () => void): JobPublisher {
  const publisher: JobPublisher = {
    publishJob: async () => onMessage(),
    async publishWake(message) {
      const waking = { ...withEngine({ ...ports, publisher }), bounded: <T>(work: () => Promise<T>) => work() };
      void wakeJob(waking, { messageId: "wake", attributes: message }).then(onWoken);
    },
    publishDeadLetter: async () => undefined,
  };
  return publisher;
}

async function sweep(ports: CloudPorts & { publisher: JobPublisher }): Promise<void> {
  const now = ports.clock.now();
  const sweeping = withEngine({ ...ports, due: ports.jobs });
  await moveDueJobs(sweeping, now, now);
  await handOverSleepingJobs(sweeping, now, new Date(now.getTime() + LOOK_AHEAD_MS), now);
}

/** Milliseconds to the next run of the sweep that finds the job; the runs before it would find nothing. */
function msToSweep({ dueAt, waitingFor }: Job, startMs: number, now: Date): number {
  const passedMs = now.getTime() - startMs;
  const seenFromMs = (dueAt ?? now).getTime() - startMs - (waitingFor === "time" ? LOOK_AHEAD_MS : 0);
  const run = Math.max(Math.floor(passedMs / SWEEP_EVERY_MS) + 1, Math.ceil(seenFromMs / SWEEP_EVERY_MS));
  return run * SWEEP_EVERY_MS - passedMs;
}
