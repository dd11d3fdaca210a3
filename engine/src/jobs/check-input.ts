import type { JsonValue } from "@baton/protocol";
import type { Limits } from "../accounts/tiers.ts";
import type { JobType } from "../job-types/define-job.ts";
import { inTime } from "../kit/deadline.ts";
import { bodyIssues, summary } from "../kit/issues.ts";
import type { Refusal } from "../kit/refusal.ts";

/** How long the schema of a job type may take: an author's own check may be asynchronous, and may never end. */
const SCHEMA_DEADLINE_MS = 12_000;

/** An input that may be stored. */
export interface CheckedInput {
  /** As it was sent. It is stored so: the worker reads it again. */
  sent: JsonValue;
  /** Its length as JSON. */
  bytes: number;
  /** The value that the schema of the type makes of it. */
  parsed: unknown;
}

/**
 * Checks an input by the schema of its type and by the owner's limits. Throws `UnavailableError` when the schema does
 * not answer within 12 s.
 */
export async function checkInput(
  type: JobType,
  input: JsonValue,
  { maxInputBytes }: Pick<Limits, "maxInputBytes">,
): Promise<CheckedInput | Refusal> {
  const service = `the input schema of job type "${type.type}"`;
  const read = await inTime(service, SCHEMA_DEADLINE_MS, readSafely(type, input));
  if ("code" in read) return read;
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > maxInputBytes) {
    const [is, may] = [bytes, maxInputBytes].map((count) => count.toLocaleString("en"));
    const detail = `The input is ${is} bytes as JSON; ${may} are allowed to you. Split it into several jobs.`;
    return { code: "input-too-large", detail };
  }
  return { sent: input, bytes, parsed: read.parsed };
}

async function readSafely(type: JobType, input: JsonValue): Promise<{ parsed: unknown } | Refusal> {
  try {
    const parsed = await type.input.safeParseAsync(input);
    if (parsed.success) return { parsed: parsed.data };
    const errors = bodyIssues(parsed.error.issues, "/input");
    return { code: "invalid-input", detail: summary(errors), errors };
  } catch {
    return invalidInput("the schema of the job type threw an error on it");
  }
}

/** Refuses an input as a whole. */
export function invalidInput(message: string): Refusal {
  return { code: "invalid-input", detail: `/input: ${message}.`, errors: [{ pointer: "/input", message }] };
}
