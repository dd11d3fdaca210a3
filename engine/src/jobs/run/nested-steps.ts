import { AsyncLocalStorage } from "node:async_hooks";
import { PermanentError } from "../../job-types/define-job.ts";

/** The step whose work is being done, and the invocation that it is part of. */
const outerStep = new AsyncLocalStorage<{ invocation: object; name: string }>();

/** Makes `work` of step `name` known as such: calls of other steps within it are refused. */
export function asWorkOf<Argument, T>(
  invocation: object,
  name: string,
  work: (argument: Argument) => T,
): (argument: Argument) => T {
  return (argument) => outerStep.run({ invocation, name }, () => work(argument));
}

/**
 * Throws a PermanentError when step `name` is called within the work of another one: neither could be recorded for
 * itself.
 */
export function refuseNested(invocation: object, name: string): void {
  const outer = outerStep.getStore();
  if (outer?.invocation !== invocation) return;
  const what = `"${name}" is called within step "${outer.name}".`;
  throw new PermanentError("nested-step", `${what} Call step, commit and sleep in the handler, one after the other.`);
}
