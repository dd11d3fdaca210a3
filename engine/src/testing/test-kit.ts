import type { JobError, JobStatus, JsonValue } from "@baton/protocol";
import type { z } from "zod";
import type { JobType } from "../job-types/define-job.ts";
import { type HistoryEntry, isFinal, type Job, type JobResult, type WaitingFor } from "../jobs/rules/job.ts";
import { plans } from "./faults.ts";
import { type IdleDetector, idleDetector } from "./idle-detector.ts";
import { instrumentedType, type StepInterceptor } from "./instrumented-type.ts";
import { type JobHarness, jobHarness, type TestDeployment } from "./job-harness.ts";
import { type StepKey, type StepPlan, stepPlan } from "./step-plan.ts";
import type { TestFile } from "./test-files.ts";

export type { TestDeployment } from "./job-harness.ts";
export type { StepKey } from "./step-plan.ts";
export type { TestFile, TestUpload } from "./test-files.ts";

/** What a step, or a commit, of the job has done so far. */
export interface TestStep {
  /** How often its own function ran, over all attempts. */
  runs: number;
  /** What is remembered of it; absent until it is done. */
  output?: JsonValue;
}

/**
 * A job in memory. What it says of itself is how it was when the last of its asynchronous functions ended. Faults are planned
 * before the job comes to the step; several of one step happen one after the other, one each time its work is tried.
 */
export interface TestJob {
  readonly status: JobStatus;
  /** What it waits for while it is `pending`. */
  readonly waitingFor: WaitingFor | undefined;
  readonly history: readonly HistoryEntry[];
  /** There once the job has completed. */
  readonly output: JsonValue | undefined;
  /** What the owner is told: why the job failed or, while it is to be tried again, why its last attempt did. */
  readonly error: JobError | undefined;
  /** The attempts that began. */
  readonly attempts: number;
  /** How often the handler was called: once for each attempt, and once more each time an attempt went on. */
  readonly invocations: number;
  /** The errors of failed attempts and clean-ups, in order, as they were thrown. */
  readonly errors: readonly unknown[];
  /** What the handler reported, in order, before reports are coalesced. */
  readonly reports: readonly { progress: number; step?: string }[];
  /** Virtual time since the job was submitted, in milliseconds. */
  readonly elapsedMs: number;
  /** The documents that commits wrote, by path. */
  readonly documents: ReadonlyMap<string, Record<string, unknown>>;
  /** The files that it wrote, by name. */
  readonly files: ReadonlyMap<string, TestFile>;
  step(name: string): TestStep;

  /** Runs the job to its end. Throws when a planned step never came, or the job does not end within 1,000 invocations. */
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
  /** The owner cancels the job while the step is at work; the step ends no sooner than the worker has heard of it. */
  cancelIn(step: StepKey): void;
  /** The step's work takes `ms` of virtual time, each time. */
  takes(step: StepKey, ms: number): void;
}

/** More than a job in its right mind needs. */
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
  const looker = onlooker(run, faults, activity, () => world);
  const world: JobHarness = jobHarness(instrumentedType(type, looker, activity), deployment, activity.rest);
  const job = await world.submit(input);
  const seen: Seen = { job, result: undefined, files: new Map() };
  return Object.assign(looks(world, run, seen), moves(world, run, seen, faults), plans(world, faults, activity));
}

/** The calls of the handler so far. */
interface Run {
  invocations: number;
  /** How often the work of each step ran. */
  works: Map<string, number>;
  outputs: Map<string, JsonValue>;
  reports: { progress: number; step?: string }[];
}

/** How the job was when it was last looked at. */
interface Seen {
  job: Job;
  result: JobResult | undefined;
  files: ReadonlyMap<string, TestFile>;
}

function onlooker(run: Run, faults: StepPlan, activity: IdleDetector, world: () => JobHarness): StepInterceptor {
  return {
    begins() {
      run.invocations += 1;
      const worker = world().worker();
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

function looks({ clock, errors, steps }: JobHarness, run: Run, seen: Seen) {
  return {
    get status() {
      return seen.job.status;
    },
    get waitingFor() {
      return seen.job.waitingFor;
    },
    get history() {
      return seen.job.history;
    },
    get attempts() {
      return seen.job.attempt;
    },
    get output() {
      return seen.result?.output;
    },
    get error() {
      return seen.result?.error ?? seen.job.error;
    },
    get invocations() {
      return run.invocations;
    },
    get elapsedMs() {
      return clock.now().getTime() - seen.job.createdAt.getTime();
    },
    get files() {
      return seen.files;
    },
    errors,
    reports: run.reports,
    documents: steps.documents,
    step(name: string): TestStep {
      const output = run.outputs.get(name);
      return { runs: run.works.get(name) ?? 0, ...(output !== undefined && { output }) };
    },
  };
}

function moves(world: JobHarness, run: Run, seen: Seen, faults: StepPlan) {
  async function look(): Promise<void> {
    seen.job = await world.read();
    seen.result = await world.jobs.readResult(seen.job.jobId);
    seen.files = await world.files.written(seen.job.jobId);
    for (const name of run.works.keys()) {
      const known = await world.steps.read(seen.job.jobId, name);
      if (known) run.outputs.set(name, known.output);
    }
  }

  async function runOnce(): Promise<void> {
    const before = run.invocations;
    while (!isFinal(seen.job.status) && run.invocations === before) {
      await world.handNextMessage();
      await look();
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
      if (unmet !== undefined) throw new Error(`Something was planned for step "${unmet}", and it never came to that.`);
    },
    async cancel(): Promise<void> {
      await world.cancel();
      await look();
    },
  };
}
