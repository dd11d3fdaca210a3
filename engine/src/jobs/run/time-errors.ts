import { PermanentError, RetryableError } from "../../job-types/job-errors.ts";
import type { TimeBudget } from "./time-budget.ts";

/** Fails a step that asks for more time than an invocation has. */
export function demandFit(name: string, timeoutMs: number | undefined, { workMs }: TimeBudget): void {
  if (timeoutMs === undefined || timeoutMs <= workMs) return;
  const why = `Step "${name}" asks for ${seconds(timeoutMs)}, and an invocation of the worker has ${seconds(workMs)}.`;
  throw new PermanentError("step-too-long", `${why} Split it into several steps.`);
}

/** Permanent only when the step had most of the time: one that began late may succeed in another attempt. */
export function stepTooLong(name: string, hadMs: number, { workMs }: TimeBudget): Error {
  const StepTooLong = hadMs >= workMs / 2 ? PermanentError : RetryableError;
  const before = workMs - hadMs < 1000 ? "" : `, after ${seconds(workMs - hadMs)} that the handler took before it`;
  const what = `Step "${name}" was not done after ${seconds(hadMs)}${before}: an invocation of the worker has no more.`;
  return new StepTooLong("step-too-long", `${what} Split it into several steps.`);
}

/** The handler took the whole time of the invocation outside of its steps. */
export function outOfTime({ workMs }: TimeBudget): RetryableError {
  const what = `The attempt took longer than the ${seconds(workMs)} that an invocation of the worker has.`;
  return new RetryableError("timeout", `${what} Split the work into steps.`);
}

/** `schema` names the schema, to begin a sentence. Its asynchronous checks may succeed in another attempt. */
export function schemaTooLong(schema: string, { workMs }: TimeBudget): RetryableError {
  const what = `${schema} was not done with a value when the ${seconds(workMs)} of an invocation of the worker were over.`;
  return new RetryableError("schema-timeout", `${what} Limit the time of its asynchronous checks.`);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
