import { by } from "./compare-by.ts";

/** Those of `all` that are due by `now`, the longest due first, at most `limit`. */
export function dueOf<Document extends { dueAt?: Date }>(
  all: readonly Document[],
  now: Date,
  limit: number,
): Document[] {
  return all
    .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
    .sort(by(({ dueAt }) => dueAt?.getTime() ?? 0))
    .slice(0, limit);
}
