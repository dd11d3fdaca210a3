import { DEFAULT_TIERS, type Limits } from "../accounts/tiers.ts";
import type { JobType } from "../job-types/define-job.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { withEngine } from "../jobs/engine.ts";
import type { Job } from "../jobs/rules/job.ts";
import { inProcessCompute } from "../jobs/run/compute/in-process.ts";
import { runJob } from "../jobs/run/run-job.ts";
import { submitJob } from "../jobs/submit-job.ts";
import type { Log } from "../kit/ports.ts";
import { type Environment, readSettings } from "../kit/settings.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { type KillableWorker, killableWorker, type WorkerSetup } from "./killable-worker.ts";
import { type MemoryJobStore, memoryJobStore } from "./memory-job-store.ts";
import { type MemoryStepStore, memoryStepStore } from "./memory-step-store.ts";
import { notAccepted, sentRequest } from "./sent-request.ts";
import { type TestFiles, type TestUpload, testFiles } from "./test-files.ts";
import { virtualCloud } from "./virtual-cloud.ts";

/** Options of the deployment that a test's job runs in. */
export interface TestDeployment {
  /** Limits of the owner's tier, over those of `free`. */
  limits?: Partial<Limits>;
  /** The environment that the type's `settings` schema reads; none of it when absent. */
  settings?: Environment;
  /** Timeout of one invocation of the worker function; 540,000 ms when absent. */
  workerTimeoutMs?: number;
  /**
   * How long virtual time stands still, in real milliseconds at most, while the type's own code is at one thing; 1,000
   * when absent. Give a type more that works on something real, such as a program.
   */
  patienceMs?: number;
  /** Files that the owner has uploaded, by the `fileId` (20 letters or digits) that the input names. */
  uploads?: Readonly<Record<string, TestUpload>>;
  /** Instant of the submission; 2026-01-01T00:00:00Z when absent. */
  startAt?: Date;
}

/** The surroundings of one job: the stores, the clock, and one worker process after the other. */
export interface JobHarness {
  clock: FakeClock;
  jobs: MemoryJobStore;
  steps: MemoryStepStore;
  files: TestFiles;
  /** Errors that were logged, those of failed attempts included, in order. */
  errors: unknown[];
  /** The process at work, or the last one. */
  worker(): KillableWorker;
  /** Submits the job as a client and the API do. Throws when either refuses the input. */
  submit(input: unknown): Promise<Job>;
  cancel(): Promise<void>;
  /**
   * Lets time pass until the job's next message comes, and hands it to a new worker. Does nothing when the job ends
   * before.
   */
  handNextMessage(): Promise<void>;
  read(): Promise<Job>;
}

const JOB_ID = "TestTestTestTestTest";
const CALLER = { uid: "test-owner", isAdmin: false };
/** Defaults of a deployment. */
const LEASE_MS = 60_000;
const WORKER_TIMEOUT_MS = 540_000;

/**
 * Builds the engine with its one job of `type`: the real use cases on the stores in memory. Messages come as in
 * production, and the test hands them over. See `fakeClock` for `rest`.
 */
export function jobHarness(type: JobType, deployment: TestDeployment, rest: () => Promise<void>): JobHarness {
  const clock = fakeClock(deployment.startAt, rest);
  const jobs = memoryJobStore();
  const steps = memoryStepStore(jobs);
  const files = testFiles(steps, clock);
  const errors: unknown[] = [];
  const log = logOfErrors(errors);
  const cloud = virtualCloud({ jobs, clock, log }, read);
  const shared = { jobs, steps, files: files.store, clock, log, publisher: cloud.publisher };
  const setup = workerSetup(type, deployment, shared);
  let worker = killableWorker(setup);

  async function read(): Promise<Job> {
    const job = await jobs.read(JOB_ID);
    if (!job) throw new Error("the job is gone");
    return job;
  }

  async function handNextMessage(): Promise<void> {
    if (!(await cloud.nextMessage())) return;
    worker = killableWorker(setup);
    const run = await clock.runUntil(
      Promise.race([runJob(worker.ports, JOB_ID), worker.died.then(() => "died" as const)]),
    );
    if (run === "died") cloud.redeliver();
  }

  return {
    clock,
    jobs,
    steps,
    files,
    errors,
    worker: () => worker,
    async submit(input) {
      await files.upload(CALLER.uid, deployment.uploads ?? {});
      return submit(setup, type, deployment.limits, input);
    },
    cancel: async () => void (await cancelJob(withEngine(setup), CALLER, JOB_ID)),
    handNextMessage,
    read,
  };
}

function workerSetup(
  type: JobType,
  { settings: environment = {}, workerTimeoutMs = WORKER_TIMEOUT_MS }: TestDeployment,
  shared: Pick<WorkerSetup, "jobs" | "steps" | "files" | "clock" | "log" | "publisher">,
): WorkerSetup {
  const types = new Map([[type.type, type]]);
  let leases = 0;
  return {
    ...shared,
    types,
    settingsOf: ({ settings, type: name }) => settings && readSettings(settings, environment, `job type "${name}"`),
    compute: inProcessCompute(types),
    ids: { leaseId: () => `lease-${++leases}` },
    random: () => 0,
    leaseMs: LEASE_MS,
    workerTimeoutMs,
  };
}

async function submit(
  setup: WorkerSetup,
  { type }: JobType,
  limits: Partial<Limits> | undefined,
  input: unknown,
): Promise<Job> {
  const request = await sentRequest(type, input);
  const accepting = {
    ...withEngine(setup),
    tiers: { free: { ...DEFAULT_TIERS.free, ...limits } },
    webhookUrls: { refusalOf: () => undefined },
    ids: { jobId: () => JOB_ID },
  };
  const submitted = await submitJob(accepting, { caller: CALLER, request });
  if ("job" in submitted) return submitted.job;
  throw notAccepted(submitted.refusal.detail);
}

function logOfErrors(errors: unknown[]): Log {
  const note = (_: string, fields?: Record<string, unknown>) => {
    if (fields?.error !== undefined) errors.push(fields.error);
  };
  return { info: () => undefined, warn: note, error: note };
}
