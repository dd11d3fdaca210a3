import { PermanentError } from "../../../job-types/define-job.ts";

/** The error of a call that took more memory than its limits allow. */
export function outOfMemory(name: string): PermanentError {
  const message = `Compute function "${name}" needs more memory than its job type allows (computeLimits.memoryMb).`;
  return new PermanentError("compute-out-of-memory", message);
}

/** The error of a call that took more time than its limits allow. */
export function outOfTime(name: string, timeoutMs: number): PermanentError {
  const message = `Compute function "${name}" took longer than the ${timeoutMs / 1000} s that its job type allows.`;
  return new PermanentError("compute-timeout", message);
}
