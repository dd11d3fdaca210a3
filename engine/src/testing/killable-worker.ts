import { type EnginePorts, withEngine } from "../jobs/engine.ts";
import type { WorkerPorts } from "../jobs/run/run-job.ts";

/** The ports of a worker, before it has an engine of its own. */
export type WorkerSetup = Omit<WorkerPorts, "engine"> & EnginePorts;

/** One worker process: whatever is done through its ports ends with it. */
export interface KillableWorker {
  ports: WorkerPorts;
  /** Ends the process as SIGKILL does, with no last word. Never settles, as nothing does in a process that is gone. */
  kill(): Promise<never>;
  /** Resolves when the process was killed. */
  died: Promise<void>;
}

/** A process of its own on shared stores and a shared clock: once killed, it writes and publishes nothing more and none of its timers fire. */
export function killableWorker({ jobs, steps, files, clock, publisher, ...others }: WorkerSetup): KillableWorker {
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  let isDead = false;
  const whileAlive =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      isDead ? nothingHappens() : call(...args);

  return {
    died,
    kill() {
      isDead = true;
      die();
      return nothingHappens();
    },
    ports: withEngine({
      ...others,
      jobs: { ...jobs, apply: whileAlive(jobs.apply), claim: whileAlive(jobs.claim) },
      steps: { ...steps, record: whileAlive(steps.record), keep: whileAlive(steps.keep) },
      files: { ...files, write: whileAlive(files.write) },
      publisher: {
        ...publisher,
        publishJob: whileAlive(publisher.publishJob),
        publishWake: whileAlive(publisher.publishWake),
      },
      clock: { now: clock.now, after: (ms, then) => clock.after(ms, () => isDead || then()) },
    }),
  };
}

/** Never settles. */
export function nothingHappens(): Promise<never> {
  return new Promise(() => undefined);
}
