import type { JsonValue } from "@baton/protocol";
import type { z } from "zod";
import { type JobType, PermanentError } from "../../job-types/define-job.ts";
import { MAX_PAYLOAD_BYTES } from "../../kit/payload-limits.ts";
import { type Fault, pointerTo } from "../../kit/plain-copy.ts";
import { toJson, toParsable } from "../../kit/to-json.ts";

/** The fault of an output, as parts of an error's code and text. */
interface Kind {
  /** `output` or `step-output`. */
  code: string;
  /** Begins a sentence: `The job`, `Step "x"`. */
  giver: string;
}

/** Turns a value into JSON of at most 900 KiB: see `toJson`. Throws a PermanentError that names the place at fault. */
export function toOutput(value: unknown, kind: Kind): JsonValue {
  const copied = toJson(value);
  if ("value" in copied) return copied.value;
  throw faultError(copied.fault, kind);
}

function faultError({ kind: fault, pointer, problem }: Fault, { code, giver }: Kind): PermanentError {
  if (fault === "too-large") {
    const limits = `${giver} returned ${problem}; at most ${MAX_PAYLOAD_BYTES} can be stored.`;
    return new PermanentError(`${code}-too-large`, `${limits} Return less, or store it elsewhere and return a link.`);
  }
  const place = pointer === "" ? "the value itself" : `the value at ${pointer}`;
  return new PermanentError(`invalid-${code}`, `${giver} returned something that is not JSON: ${place} ${problem}.`);
}

/** Reads a handler's return value with its type's schema, as JSON. Throws a PermanentError when either refuses it. */
export async function readJobOutput(type: JobType, returned: unknown): Promise<JsonValue> {
  const kind = { code: "output", giver: "The job" };
  const copied = toParsable(returned);
  if ("fault" in copied) throw faultError(copied.fault, kind);
  const read = await readWith(type.output, copied.value);
  if ("value" in read) return toOutput(read.value, kind);
  const message = `The job returned what its schema refuses: ${read.issues}`;
  throw new PermanentError("invalid-output", message, { cause: read.cause });
}

/**
 * Reads the stored input of a job with its type's schema. Throws a PermanentError that names the places which do not
 * fit.
 */
export async function readInput(type: JobType, stored: JsonValue | undefined): Promise<unknown> {
  const read = await readWith(type.input, stored);
  if ("value" in read) return read.value;
  const message = `The stored input does not match the job type any more. Submit it again. ${read.issues}`;
  throw new PermanentError("invalid-input", message, { cause: read.cause });
}

/**
 * Reads the output of a step with its schema. `mayBeUndefined`: null is recorded for undefined, and is read as
 * undefined where the schema takes no null. Throws a PermanentError, whose code tells a recorded output from a fresh
 * one.
 */
export async function readStepOutput(
  name: string,
  output: JsonValue,
  schema: z.ZodType | undefined,
  { isRemembered, mayBeUndefined }: { isRemembered: boolean; mayBeUndefined: boolean },
): Promise<unknown> {
  if (!schema) return output;
  const read = await readWith(schema, output);
  if ("value" in read) return read.value;
  if (output === null && mayBeUndefined) {
    const absent = await readWith(schema, undefined);
    if ("value" in absent) return absent.value;
  }
  const options = { cause: read.cause };
  if (!isRemembered) {
    throw new PermanentError(
      "invalid-step-output",
      `Step "${name}" gave what its schema refuses: ${read.issues}`,
      options,
    );
  }
  const message = `What is remembered of step "${name}" does not match its schema any more: ${read.issues}`;
  throw new PermanentError("step-output-changed", `${message}\nGive a step that changed another name.`, options);
}

type Read = { value: unknown } | { issues: string; cause: unknown };

/** Reads a value with a schema, synchronous or not. A schema that throws refuses the value, too. */
async function readWith(schema: z.ZodType, value: unknown): Promise<Read> {
  try {
    const read = await schema.safeParseAsync(value);
    if (read.success) return { value: read.data };
    const issues = read.error.issues.map(
      ({ path, message }) => `${pointerTo(path) || "the value itself"}: ${message}.`,
    );
    return { issues: issues.join(" "), cause: read.error };
  } catch (cause) {
    return { issues: "the schema threw an error.", cause };
  }
}
