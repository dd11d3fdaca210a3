import type { JsonValue } from "@baton/protocol";
import type { Job, JobResult } from "../jobs/rules/job.ts";
import type { JobHarness } from "./job-harness.ts";
import type { TestFile } from "./test-files.ts";

/** The state of a step, or a commit, of the job. */
export interface TestStep {
  /** Number of runs of its own function, over all attempts. */
  runs: number;
  /** Its recorded output; absent until it is done. */
  output?: JsonValue;
}

/** The calls of the handler so far. */
export interface Run {
  invocations: number;
  /** Number of runs of each step's work. */
  works: Map<string, number>;
  outputs: Map<string, JsonValue>;
  reports: { progress: number; step?: string }[];
}

/** The job, its result and its files, as last read. */
export interface Seen {
  job: Job;
  result: JobResult | undefined;
  files: ReadonlyMap<string, TestFile>;
}

/** The facts that a `TestJob` tells. */
export function readings({ clock, errors, steps }: JobHarness, run: Run, seen: Seen) {
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
