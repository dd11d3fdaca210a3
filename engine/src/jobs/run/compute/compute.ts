import { deserialize, serialize } from "node:v8";
import { type ComputeLimits, PermanentError } from "../../../job-types/define-job.ts";

/** A call of one of a job type's compute functions. */
export interface ComputeCall {
  jobId: string;
  /** The job's owner. */
  owner: string;
  /** The job type's name. */
  type: string;
  /** The function's name in the type's `compute`. */
  name: string;
  input: unknown;
  limits: ComputeLimits;
  /** Ends the call: it rejects with the signal's reason. */
  signal: AbortSignal;
  /** Reports the progress of the function. */
  progress(fraction: number, step?: string): void;
}

/** Runs compute functions. */
export interface Compute {
  /**
   * Calls the function with a copy of the input and gives a copy of its output. Rejects with what the function throws,
   * and with a `PermanentError` `compute-timeout`, `compute-out-of-memory`, `invalid-compute-input` or
   * `invalid-compute-output`.
   */
  run(call: ComputeCall): Promise<unknown>;
}

/** The part of `memoryMb` that is not the heap: Node itself and its code. */
export const OUTSIDE_HEAP_MB = 80;

/** The fault of a value that cannot be copied. */
interface Kind {
  code: "invalid-compute-input" | "invalid-compute-output";
  function: string;
}

/**
 * Copies a value as it is copied on its way to a compute function and back. Throws a `PermanentError` when it cannot
 * be.
 */
export function copyOf(value: unknown, kind: Kind): unknown {
  return deserialize(toBytes(value, kind));
}

/**
 * Writes a value down for another process (the structured clone algorithm). Throws a `PermanentError` when it cannot
 * be.
 */
export function toBytes(value: unknown, { code, function: name }: Kind): Buffer {
  try {
    return serialize(value);
  } catch (cause) {
    const what = code === "invalid-compute-input" ? "was given" : "returned";
    const message = `Compute function "${name}" ${what} a value that cannot be copied to another process.`;
    throw new PermanentError(code, message, { cause });
  }
}
