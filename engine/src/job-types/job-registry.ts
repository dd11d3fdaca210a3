import type { JobType } from "./define-job.ts";

/** Indexes job types by their names. Throws when two have one name, so that a deployment with them does not start. */
export function byName(types: readonly JobType[]): ReadonlyMap<string, JobType> {
  const known = new Map<string, JobType>();
  for (const type of types) {
    if (known.has(type.type)) throw new Error(`There are two job types named "${type.type}". Rename one of them.`);
    known.set(type.type, type);
  }
  return known;
}
