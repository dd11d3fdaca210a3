import sinon from "sinon";
import { z } from "zod";
import { defineJob, type JobContext, type JobDeclaration } from "../../../engine/src/job-types/define-job.ts";
import { withEngine } from "../../../engine/src/jobs/engine.ts";
import { inProcessCompute } from "../../../engine/src/jobs/run/compute/in-process.ts";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";
import { memoryJobStore } from "../../../engine/src/testing/memory-job-store.ts";
import { memoryStepStore } from "../../../engine/src/testing/memory-step-store.ts";
import { aJob, type GivenJob } from "../../support/jobs.ts";

const Input = z.object({ n: z.number() });

/** Arguments of a test's handler: the context and its input. */
export type Handler = (context: JobContext, input: { n: number }) => Promise<unknown>;

/** Tells the job type of a test apart from others where it has to. */
export type Declaration = Partial<JobDeclaration<typeof Input, z.ZodUnknown>>;

/**
 * A worker of functions of 540 s and leases of 60 s, on stores in memory and a fake clock that stands at the beginning
 * of 2026. Its one job type, `test.job`, runs `run`.
 */
export function aWorker(run: Handler, declared: Declaration = {}) {
  const clock = fakeClock();
  const jobs = memoryJobStore();
  const steps = memoryStepStore(jobs);
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const publisher = {
    publishJob: sinon.fake.resolves(undefined),
    publishDeadLetter: sinon.fake.resolves(undefined),
    publishWake: sinon.fake.resolves(undefined),
    publishDelivery: sinon.fake.resolves(undefined),
  };
  let leases = 0;
  const output = z.unknown();
  const type = defineJob({ type: "test.job", input: Input, output, retry: { jitter: 0 }, ...declared, run });
  const types = new Map([[type.type, type]]);
  const ports = withEngine({
    ...{ clock, jobs, steps, log, publisher },
    types,
    settingsOf: () => undefined,
    compute: inProcessCompute(types),
    ids: { leaseId: () => `lease-${++leases}` },
    random: () => 0,
    leaseMs: 60_000,
    workerTimeoutMs: 540_000,
  });
  const deliver = (jobId: string) => clock.runUntil(runJob(ports, jobId));
  return {
    ...{ clock, jobs, steps, log, publisher, ports },
    /** A fresh queued job with input `{ n: 7 }`. */
    async stored(given: GivenJob = {}): Promise<string> {
      const job = aJob(given);
      await jobs.put(job, { n: 7 });
      return job.jobId;
    },
    /** One delivery of the job's message, to its end. */
    run: deliver,
    /**
     * Delivers the message, waits out what has to be waited for, and so on, until the job has ended; answers how often.
     */
    async runToEnd(jobId: string): Promise<number> {
      for (let deliveries = 1; ; deliveries++) {
        await deliver(jobId);
        const job = await jobs.read(jobId);
        if (!job || job.finishedAt) return deliveries;
        const now = clock.now();
        if (job.runAt && job.runAt > now) await clock.advance(job.runAt.getTime() - now.getTime());
        if (job.status === "pending") await jobs.promote(jobId, clock.now());
      }
    },
  };
}
