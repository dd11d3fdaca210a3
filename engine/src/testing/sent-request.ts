import { SubmitJobRequest } from "@baton/protocol";
import { parseBody, readJson } from "../http/json-body.ts";
import { ProblemError } from "../http/problems.ts";
import { describeKind } from "../kit/describe-kind.ts";
import { type CopyRules, copyPlain, FaultFound } from "../kit/plain-copy.ts";

/** Rules for a client's request: JSON, and dates as text. The API judges its depth and size. */
const SENT_RULES: CopyRules = {
  leaf: sentLeaf,
  undefinedItem() {
    throw new FaultFound("is undefined");
  },
  maxDepth: 500,
  maxWeight: 8 * 1024 * 1024,
  allowsNestedArrays: true,
};

/**
 * Makes the request to submit a job of `type` with this input, as the API reads it from a client's body. Throws an
 * error that names the part which the client or the API refuses, and the reason.
 */
export async function sentRequest(type: string, input: unknown): Promise<SubmitJobRequest> {
  const copied = copyPlain(input, SENT_RULES);
  if ("fault" in copied) throw notAccepted(`/input${copied.fault.pointer} ${copied.fault.problem}`);
  const body = JSON.stringify({ type, input: copied.value });
  const headers = { "content-type": "application/json" };
  try {
    return parseBody(
      SubmitJobRequest,
      await readJson(new Request("http://localhost", { method: "POST", headers, body })),
    );
  } catch (error) {
    throw error instanceof ProblemError ? notAccepted(error.refusal.detail) : error;
  }
}

/** The error of a test whose job is refused. */
export function notAccepted(why: string): Error {
  return new Error(`The job was not accepted: ${why}`);
}

function sentLeaf(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  throw new FaultFound(describeKind(value));
}
