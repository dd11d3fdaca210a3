import { type EnginePorts, withEngine } from "../jobs/engine.ts";
import type { WorkerPorts } from "../jobs/run/run-job.ts";
import { deferred } from "../kit/deferred.ts";
import { never } from "../kit/pause.ts";

/** The ports of a worker, before it has an engine of its own. */
export type WorkerSetup = Omit<WorkerPorts, "engine"> & EnginePorts;

/** One worker process. Its ports do nothing after its death. */
export interface KillableWorker {
  ports: WorkerPorts;
  /** Ends the process as SIGKILL does. Never settles, as no promise of a dead process does. */
  kill(): Promise<never>;
  /** Resolves when the process was killed. */
  died: Promise<void>;
}

/**
 * Makes a process on shared stores and a shared clock. Once killed, it writes and publishes nothing, and none of its
 * timers fires.
 */
export function killableWorker({ jobs, steps, files, clock, publisher, ...others }: WorkerSetup): KillableWorker {
  const { promise: died, resolve: die } = deferred<void>();
  let isDead = false;
  const whileAlive =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      isDead ? never() : call(...args);

  return {
    died,
    kill() {
      isDead = true;
      die();
      return never();
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
