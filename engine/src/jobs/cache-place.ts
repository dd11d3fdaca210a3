import type { JsonValue } from "@baton/protocol";
import type { JobType } from "../job-types/define-job.ts";
import { cacheKeyOf } from "../kit/derived-ids.ts";
import type { Copied } from "../kit/plain-copy.ts";
import type { Refusal } from "../kit/refusal.ts";
import { toExactJson } from "../kit/to-json.ts";
import { type CheckedInput, invalidInput } from "./check-input.ts";
import type { Submission } from "./rules/submission.ts";

/**
 * Names the place where the result of an equal input is remembered; no place for a type without a cache. Inputs are
 * equal as the type reads them, so one that names a default equals one that leaves it out. Where the type reads
 * something that JSON cannot carry, they are equal as they were sent.
 */
export function cachePlace(
  { type, cache }: JobType,
  owner: string,
  { sent, parsed }: CheckedInput,
): Pick<Submission, "cache"> | Refusal {
  if (!cache) return {};
  const key = cache.key ? keyOf(cache.key, parsed) : toExactJson(parsed);
  if ("fault" in key && cache.key) {
    const { pointer, problem } = key.fault;
    const place = pointer === "" ? "the key itself" : `the value at ${pointer}`;
    return invalidInput(`the job type makes a cache key of it that is not JSON: ${place} ${problem}`);
  }
  const equal = "fault" in key ? sent : key.value;
  const scope = { type, version: cache.version, key: equal, ...(!cache.isPublic && { owner }) };
  return { cache: { key: cacheKeyOf(scope), ttlMs: cache.ttlMs } };
}

function keyOf(makeKey: (input: unknown) => unknown, parsed: unknown): Copied<JsonValue> {
  try {
    return toExactJson(makeKey(parsed));
  } catch {
    return { fault: { kind: "not-allowed", pointer: "", problem: "could not be made: making it threw an error" } };
  }
}
