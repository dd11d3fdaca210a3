import { PermanentError } from "../../job-types/job-errors.ts";
import type { Log } from "../../kit/ports.ts";
import type { Job } from "../rules/job.ts";

/** Refuses what a handler calls after its end. */
export interface LateCalls {
  /** The error for the call that `call` names, as in `Step "x"`. Logs the first one of the invocation. */
  refuse(call: string): PermanentError;
}

const CODE = "handler-ended";

/** The late calls of one invocation of the job. */
export function lateCalls(log: Log, { jobId, type, attempt }: Job): LateCalls {
  let isLogged = false;
  return {
    refuse(call) {
      if (!isLogged)
        log.warn("A handler called a function after it had ended; the call does nothing.", {
          event: "job.late-call",
          jobId,
          type,
          attempt,
          call,
        });
      isLogged = true;
      return handlerEnded(call);
    },
  };
}

/** The error of a call that comes after the end of its handler. */
export function handlerEnded(call: string): PermanentError {
  return new PermanentError(
    CODE,
    `${call} does nothing: its handler has ended. Await everything that a handler begins.`,
  );
}

/** True for the error of a late call. Such an error has no effect on its job, and has been logged. */
export function isLateCall(error: unknown): boolean {
  return error instanceof PermanentError && error.code === CODE;
}
