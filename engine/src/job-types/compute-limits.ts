/** Limits of one call of a compute function. */
export interface ComputeLimits {
  /**
   * Milliseconds of CPU time, so that a call which shares a processor with others does not fail because of them. By the
   * clock it may take four times as long, and the time that it waited for a processor.
   */
  timeoutMs: number;
  /** Memory of the process that runs it, in MiB; Node itself takes 60 of them. 128 to 32,768. */
  memoryMb: number;
}

/** The default limits of a job type: four such processes fit beside the worker into its instance. */
const DEFAULT_LIMITS: ComputeLimits = { timeoutMs: 60_000, memoryMb: 384 };

const MAX_TIMEOUT_MS = 3_600_000;

/**
 * The limits that `given` makes of the defaults. Throws an error that begins with `of` when a value is out of its
 * range.
 */
export function computeLimits(given: Partial<ComputeLimits>, of: string): ComputeLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  demandRange(limits.timeoutMs, 1, MAX_TIMEOUT_MS, `${of}: computeLimits.timeoutMs`);
  demandRange(limits.memoryMb, 128, 32_768, `${of}: computeLimits.memoryMb`);
  return limits;
}

function demandRange(value: number, from: number, to: number, name: string): void {
  if (!(value >= from && value <= to)) throw new Error(`${name} is ${value}; it has to be ${from} to ${to}.`);
}
