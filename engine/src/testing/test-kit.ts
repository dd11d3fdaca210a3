import type { JobError, JobStatus, JsonValue } from "@baton/protocol";
import type { z } from "zod";
import type { JobType } from "../job-types/define-job.ts";
import { type HistoryEntry, isFinal, type WaitingFor } from "../jobs/rules/job.ts";
import { plans } from "./faults.ts";
import { type IdleDetector, idleDetector } from "./idle-detector.ts";
import { instrumentedType, type StepInterceptor } from "./instrumented-type.ts";
import { type JobHarness, jobHarness, type TestDeployment } from "./job-harness.ts";
import { type Run, readings, type Seen, type TestStep } from "./job-readings.ts";
import { type StepKey, type StepPlan, stepPlan } from "./step-plan.ts";
import type { TestFile } from "./test-files.ts";

export type { TestDeployment } from "./job-harness.ts";
export type { TestStep } from "./job-readings.ts";
export type { StepKey } from "./step-plan.ts";
export type { TestFile, TestUpload } from "./test-files.ts";

/**
 * A job in memory. Its properties are as they were when the last of its asynchronous functions ended. Plan faults
 * before the job comes to the step; several of one step happen one after the other, one each time its work is tried.
 */
export interface TestJob {
  readonly status: JobStatus;
  /** The reason why it is `pending`; undefined in any other status. */
  readonly waitingFor: WaitingFor | undefined;
  readonly history: readonly HistoryEntry[];
  /** The output of a completed job. */
  readonly output: JsonValue | undefined;
  /** The error that the owner sees: the job's or, while it is to be tried again, that of its last attempt. */
  readonly error: JobError | undefined;
  /** Number of attempts that have begun. */
  readonly attempts: number;
  /** Number of calls of the handler: one for each attempt, and one each time that an attempt continued. */
  readonly invocations: number;
  /** The errors of failed attempts and clean-ups, in order, as they were thrown. */
  readonly errors: readonly unknown[];
  /** The handler's reports, in order, before they are coalesced. */
  readonly reports: readonly { progress: number; step?: string }[];
  /** Virtual time since the job was submitted, in milliseconds. */
  readonly elapsedMs: number;
  /** The documents that commits wrote, by path. */
  readonly documents: ReadonlyMap<string, Record<string, unknown>>;
  /** The files that it wrote, by name. */
  readonly files: ReadonlyMap<string, TestFile>;
  step(name: string): TestStep;

  /**
   * Runs the job to its end. Throws when a planned step was never reached, or the job does not end within 1,000
   * invocations.
   */
  run(): Promise<void>;
  /** Runs one invocation of the handler, after whatever the job waits for; none when it ends without. */
  runOnce(): Promise<void>;
  /** The owner cancels the job now. */
  cancel(): Promise<void>;

  /** The step's work throws `error` instead of being done, in the next `times` tries (`Infinity`: always). */
  failStep(step: StepKey, error: Error, times?: number): void;
  /** The worker's process dies once the step's work is done, before that is recorded. */
  killIn(step: StepKey): void;
  /** The step's work is cut off, because it does not end before its `timeoutMs` or the time of the invocation does. */
  runOutOfTimeIn(step: StepKey): void;
  /** The owner cancels the job while the step is at work; the step does not end before the worker knows of it. */
  cancelIn(step: StepKey): void;
  /** The step's work takes `ms` of virtual time, each time. */
  takes(step: StepKey, ms: number): void;
}

/** More than any job needs. */
const MAX_INVOCATIONS = 1000;
/** Code that works on something for longer seems to wait for virtual time. */
const PATIENCE_MS = 1000;

/**
 * Submits a job of `type` in memory, as its owner would, to be run by the real worker on the real rules. Time is
 * virtual: backoffs and sleeps take none, and every run is the same. Give the job type stand-ins, which answer from
 * memory, for the services it calls: virtual time stands still for at most a second of real time while the type's own
 * code works. Throws when a client, or the API, refuses the input, and says where.
 */
export async function testJob<Input extends z.ZodType, Output extends z.ZodType>(
  type: JobType<Input, Output>,
  input: z.input<Input>,
  deployment: TestDeployment = {},
): Promise<TestJob> {
  const faults = stepPlan();
  const run: Run = { invocations: 0, works: new Map(), outputs: new Map(), reports: [] };
  const activity = idleDetector(deployment.patienceMs ?? PATIENCE_MS);
  const interceptor = stepInterceptor(run, faults, activity, () => harness);
  const harness: JobHarness = jobHarness(instrumentedType(type, interceptor, activity), deployment, activity.rest);
  const job = await harness.submit(input);
  const seen: Seen = { job, result: undefined, files: new Map() };
  return Object.assign(
    readings(harness, run, seen),
    controls(harness, run, seen, faults),
    plans(harness, faults, activity),
  );
}

function stepInterceptor(
  run: Run,
  faults: StepPlan,
  activity: IdleDetector,
  harness: () => JobHarness,
): StepInterceptor {
  return {
    begins() {
      run.invocations += 1;
      const worker = harness().worker();
      return ({ name, number, signal }, work) => {
        const doWork = () => {
          run.works.set(name, (run.works.get(name) ?? 0) + 1);
          return activity.atWork(work());
        };
        return faults.meet(name, number)(doWork, { signal, worker });
      };
    },
    reports: (progress, step) => run.reports.push({ progress, ...(step !== undefined && { step }) }),
  };
}

function controls(harness: JobHarness, run: Run, seen: Seen, faults: StepPlan) {
  async function refresh(): Promise<void> {
    seen.job = await harness.read();
    seen.result = await harness.jobs.readResult(seen.job.jobId);
    seen.files = await harness.files.written(seen.job.jobId);
    for (const name of run.works.keys()) {
      const known = await harness.steps.read(seen.job.jobId, name);
      if (known) run.outputs.set(name, known.output);
    }
  }

  async function runOnce(): Promise<void> {
    const before = run.invocations;
    while (!isFinal(seen.job.status) && run.invocations === before) {
      await harness.handNextMessage();
      await refresh();
    }
  }

  return {
    runOnce,
    async run(): Promise<void> {
      const last = run.invocations + MAX_INVOCATIONS;
      while (!isFinal(seen.job.status)) {
        if (run.invocations >= last) throw new Error(`The job has not ended after ${MAX_INVOCATIONS} invocations.`);
        await runOnce();
      }
      const [unmet] = faults.unmet();
      if (unmet !== undefined)
        throw new Error(`A fault was planned for step "${unmet}", and the job never reached it.`);
    },
    async cancel(): Promise<void> {
      await harness.cancel();
      await refresh();
    },
  };
}
