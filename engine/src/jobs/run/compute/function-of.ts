import { type ComputeScope, type JobType, PermanentError } from "../../../job-types/define-job.ts";

/** Finds a compute function by the names of its job type and its own. Throws a `PermanentError` when there is none. */
export function functionOf(
  types: ReadonlyMap<string, JobType>,
  typeName: string,
  name: string,
): (input: unknown, scope: ComputeScope) => unknown {
  const type = types.get(typeName);
  const functions = type?.compute ?? {};
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  // Its input is of the type that `JobContext.compute` asked for.
  if (found) return found as (input: unknown, scope: ComputeScope) => unknown;
  throw new PermanentError("unknown-compute-function", `Job type "${typeName}" has no compute function "${name}".`);
}
