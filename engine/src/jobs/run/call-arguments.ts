import { isDate } from "node:util/types";
import { z } from "zod";
import { PermanentError, type StepOptions } from "../../job-types/define-job.ts";
import { type RetryPolicy, retryPolicy, STEP_RETRY } from "../../job-types/retry-policy.ts";
import { describeKind } from "../../kit/describe-kind.ts";

/** The options of a step or commit, checked. */
export interface CheckedOptions {
  output?: z.ZodType;
  timeoutMs?: number;
  /** Unchecked: a report that cannot be read is ignored, and does not fail the job. */
  progress?: unknown;
  retry?: RetryPolicy;
}

const MAX_NAME_CHARACTERS = 100;

/** Throws a PermanentError for what cannot be the name of a step. */
export function demandName(name: unknown): asserts name is string {
  const rule = "A step's name has 1 to 100 characters";
  if (typeof name !== "string")
    throw new PermanentError("invalid-step-name", `${rule}, and this one ${describeKind(name)}.`);
  if (name.length >= 1 && name.length <= MAX_NAME_CHARACTERS && name.isWellFormed()) return;
  throw new PermanentError(
    "invalid-step-name",
    `${rule}; "${name.slice(0, MAX_NAME_CHARACTERS + 1).toWellFormed()}" is not one.`,
  );
}

/** Throws a PermanentError when the work of step `name` is no function. */
export function demandWork(name: string, work: unknown): void {
  if (typeof work === "function") return;
  throw new PermanentError("invalid-step", `Step "${name}": its work ${describeKind(work)}; it has to be a function.`);
}

/** The options of step `name` as far as they can be used. Throws a PermanentError for the others. */
export function checkedOptions(name: string, given: StepOptions & { output?: z.ZodType } = {}): CheckedOptions {
  const refuse = (what: string): never => {
    throw new PermanentError("invalid-step", `Step "${name}": ${what}.`);
  };
  if (given === null || typeof given !== "object")
    return refuse(`its options ${describeKind(given)}; they have to be an object`);
  const { output, timeoutMs, progress, retry } = given;
  const isSchema = output === undefined || output instanceof z.core.$ZodType;
  if (!isSchema) refuse(`its output ${describeKind(output)}; it has to be a schema of zod 4`);
  const isTime = timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs > 0);
  if (!isTime) refuse("its timeoutMs has to be a number above 0");
  if (retry !== undefined && (retry === null || typeof retry !== "object")) refuse("its retry has to be an object");
  return {
    ...(output && { output }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(progress !== undefined && { progress }),
    ...(retry !== undefined && { retry: policyOf(name, retry) }),
  };
}

function policyOf(name: string, retry: Partial<RetryPolicy>): RetryPolicy {
  try {
    return retryPolicy(retry, STEP_RETRY, `Step "${name}"`);
  } catch (cause) {
    throw new PermanentError("invalid-step", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * The end of a sleep of `duration` that begins at `nowMs`, in milliseconds; not before its beginning. Throws a
 * PermanentError for any other value.
 */
export function sleepsUntilMs(duration: unknown, name: string, nowMs: number): number {
  const untilMs = typeof duration === "number" ? nowMs + duration : instantOf(duration);
  if (!Number.isNaN(untilMs)) return Math.max(Math.ceil(untilMs), nowMs);
  const how = "Give milliseconds, or an object with a Date as `until`.";
  throw new PermanentError("invalid-sleep", `"${name}" does not say how long it sleeps. ${how}`);
}

function instantOf(duration: unknown): number {
  const until = typeof duration === "object" && duration !== null && "until" in duration ? duration.until : undefined;
  return isDate(until) ? until.getTime() : Number.NaN;
}

/**
 * The signal in the options of a call of compute function `name`. Throws a PermanentError when name or options cannot
 * be used.
 */
export function computeSignal(name: unknown, options: unknown = {}): AbortSignal | undefined {
  const refuse = (what: string): never => {
    throw new PermanentError("invalid-compute-call", `${what}.`);
  };
  if (typeof name !== "string")
    return refuse(`The name of a compute function has to be text, and this one ${describeKind(name)}`);
  if (options === null || typeof options !== "object")
    return refuse(`The options of compute function "${name}" have to be an object`);
  const signal = "signal" in options ? options.signal : undefined;
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  return refuse(`The signal of compute function "${name}" ${describeKind(signal)}; it has to be an AbortSignal`);
}

/** Reads the usable part of a report. `ignored` names the rest: a bad report does not fail a job. */
export function readReport(given: { progress?: unknown; step?: unknown }): {
  progress?: number;
  step?: string;
  ignored?: string;
} {
  const { progress, step } = given;
  const isNumber = typeof progress === "number" && Number.isFinite(progress);
  const isText = typeof step === "string";
  const faults = [
    ...(progress !== undefined && !isNumber ? [`the progress ${describeKind(progress)}`] : []),
    ...(step !== undefined && !isText ? [`the step ${describeKind(step)}`] : []),
  ];
  return {
    ...(isNumber && { progress: Math.min(Math.max(progress, 0), 1) }),
    ...(isText && { step }),
    ...(faults.length > 0 && { ignored: faults.join(", ") }),
  };
}
