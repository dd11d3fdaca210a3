import { type JobContext, PermanentError } from "../../job-types/define-job.ts";
import type { JobFileStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import { checkedFileSource } from "./call-arguments.ts";
import type { LeaseHeartbeat } from "./lease-heartbeat.ts";

/** `read` of the files of a `JobContext`. */
export function fileReader(
  files: JobFileStore,
  { job, lease }: { job: Job; lease: LeaseHeartbeat },
): JobContext["files"]["read"] {
  return async (given) => {
    const source = checkedFileSource(given);
    lease.signal.throwIfAborted();
    const file = await files.open(job, source);
    if (file) return file;
    const what = typeof source === "string" ? `This job has no file "${source}"` : `There is no file ${source.fileId}`;
    throw new PermanentError("file-not-found", `${what}, or its bytes were never sent.`);
  };
}
