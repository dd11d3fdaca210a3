import type { JobType } from "../../../job-types/define-job.ts";
import { deferred } from "../../../kit/deferred.ts";
import { type Compute, copyOf } from "./compute.ts";
import { functionOf } from "./function-of.ts";
import { fromSent, toSent } from "./sent-error.ts";

/**
 * Runs compute functions in this very process, for tests. Inputs, outputs and errors are copied as on their way to
 * another process and back; time and memory are not limited.
 */
export function inProcessCompute(types: ReadonlyMap<string, JobType>): Compute {
  return {
    async run({ type, name, input, signal, progress }) {
      signal.throwIfAborted();
      const work = functionOf(types, type, name);
      const copy = copyOf(input, { code: "invalid-compute-input", function: name });
      const aborted = deferred<never>();
      const abort = () => aborted.reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      try {
        return await Promise.race([called(() => work(copy, { progress }), name), aborted.promise]);
      } finally {
        signal.removeEventListener("abort", abort);
      }
    },
  };
}

async function called(work: () => unknown, name: string): Promise<unknown> {
  try {
    return copyOf(await work(), { code: "invalid-compute-output", function: name });
  } catch (error) {
    throw fromSent(toSent(error));
  }
}
