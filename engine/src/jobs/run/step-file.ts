import { FileInfo } from "@baton/protocol";
import { type JobContext, PermanentError } from "../../job-types/define-job.ts";
import type { JobFileStore } from "../ports.ts";
import { checkedFile, checkedFileSource } from "./file-arguments.ts";
import type { NamedSteps, StepRun } from "./named-steps.ts";
import type { StepPromises } from "./step-promise.ts";
import type { StepRecorder } from "./step-recorder.ts";

/** The parts of an invocation that its files need. */
export interface FileParts {
  files: JobFileStore;
  run: StepRun;
  once: NamedSteps;
  recorder: StepRecorder;
  promises: StepPromises;
}

type Files = JobContext["files"];

/**
 * Makes the handler's `files`. A file that it writes is recorded like the output of a step, so that no attempt uploads
 * it twice.
 */
export function fileFunctions({ files, run, once, recorder, promises }: FileParts): Files {
  const { job, lease } = run;

  async function write(...given: Parameters<Files["write"]>): Promise<FileInfo> {
    const file = checkedFile(...given);
    const name = `file:${file.name}`;
    const output = await once(name, {}, (open) => {
      const signal = AbortSignal.any([lease.signal, open.abort.signal]);
      return recorder.by(name, (step) => files.write(step, job, file, signal));
    });
    return FileInfo.parse(output);
  }

  async function read(given: unknown): Promise<Awaited<ReturnType<Files["read"]>>> {
    const source = checkedFileSource(given);
    lease.signal.throwIfAborted();
    const file = await files.open(job, source);
    if (file) return file;
    const what = typeof source === "string" ? `This job has no file "${source}"` : `There is no file ${source.fileId}`;
    throw new PermanentError("file-not-found", `${what}, or its bytes were never sent.`);
  }

  return { write: (...given) => promises.ignoreRejection(write(...given)), read };
}
