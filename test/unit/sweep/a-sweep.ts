import type { DeliveryMessage, WakeMessage } from "@baton/protocol";
import sinon from "sinon";
import { isLive, type Job } from "../../../engine/src/jobs/rules/job.ts";
import { type FakeClock, fakeClock } from "../../../engine/src/testing/fake-clock.ts";
import { memoryJobStore } from "../../../engine/src/testing/memory-job-store.ts";
import { aJob, type GivenJob } from "../../support/jobs.ts";

/** When the sweeps of these tests begin. */
export const NOW = new Date("2026-01-01T01:00:00.000Z");
/** An instant `ms` milliseconds from then. */
export const inMs = (ms: number) => new Date(NOW.getTime() + ms);

/** The ports of a sweep: a store in memory, a clock that stands at `NOW`, and fakes. */
export function aSweep(clock: FakeClock = fakeClock(NOW)) {
  const jobs = memoryJobStore();
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const publisher = {
    publishJob: sinon.fake((_queue: string, _message: { jobId: string }) => Promise.resolve()),
    publishDeadLetter: sinon.fake.resolves(undefined),
    publishWake: sinon.fake((_message: WakeMessage) => Promise.resolve()),
    publishDelivery: sinon.fake((_message: DeliveryMessage) => Promise.resolve()),
  };
  const ports = { jobs, publisher, clock, log };
  return {
    ports,
    clock,
    /** Stores a job that is a second overdue, unless `given` says something else. */
    async put(given: GivenJob = {}): Promise<Job> {
      const fresh = aJob(given);
      const job = isLive(fresh) ? { ...fresh, dueAt: given.dueAt ?? inMs(-1000) } : fresh;
      await jobs.put(job, null);
      return job;
    },
    /** The messages that went out to `wake`, in order. */
    wakes: () => publisher.publishWake.args.map(([message]) => message),
    /** Ids of the jobs whose messages went out, in order. */
    published: () => publisher.publishJob.args.map(([, { jobId }]) => jobId),
  };
}
