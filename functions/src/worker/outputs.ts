import { JsonValue } from "@baton/protocol";
import { z } from "zod";
import { MAX_PAYLOAD_BYTES } from "../core/limits.ts";
import { PermanentError } from "../jobs/define-job.ts";

/** What is wrong with an output, as parts of an error's code and text. */
interface Kind {
  /** `output` or `step-output`. */
  code: string;
  /** Begins a sentence: `The job`, `Step "x"`. */
  giver: string;
}

/** A value as JSON of at most 900 KiB: `undefined` becomes null, and a field that is undefined is left out. Throws a PermanentError. */
export function toOutput(value: unknown, { code, giver }: Kind): JsonValue {
  const output = JsonValue.safeParse(withoutUndefined(value ?? null));
  if (!output.success) {
    const message = `${giver} returned something that is not JSON: ${z.prettifyError(output.error)}`;
    throw new PermanentError(`invalid-${code}`, message, { cause: output.error });
  }
  const bytes = Buffer.byteLength(JSON.stringify(output.data));
  if (bytes <= MAX_PAYLOAD_BYTES) return output.data;
  const limits = `${giver} returned ${bytes} bytes; at most ${MAX_PAYLOAD_BYTES} can be stored.`;
  throw new PermanentError(`${code}-too-large`, `${limits} Return less, or store it elsewhere and return a link.`);
}

/** An author's `{ a: maybe }` is meant as JSON.stringify would write it. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item) ?? null);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutUndefined(field)]));
}

/** The output of a step as its schema reads it. Throws a PermanentError, which tells a remembered output from a fresh one. */
export function readStepOutput(
  name: string,
  output: JsonValue,
  schema: z.ZodType | undefined,
  { isRemembered }: { isRemembered: boolean },
): unknown {
  if (!schema) return output;
  const read = schema.safeParse(output);
  if (read.success) return read.data;
  const issues = z.prettifyError(read.error);
  const options = { cause: read.error };
  if (!isRemembered) {
    throw new PermanentError("invalid-step-output", `Step "${name}" gave what its schema refuses: ${issues}`, options);
  }
  const message = `What is remembered of step "${name}" does not match its schema any more: ${issues}`;
  throw new PermanentError("step-output-changed", `${message}\nGive a step that changed another name.`, options);
}
