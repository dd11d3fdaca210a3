import { serialize } from "node:v8";
import { PermanentError, type RetryAfter, RetryAfterError, RetryableError } from "../../../job-types/define-job.ts";
import { classify } from "../../../job-types/job-errors.ts";

/** Something that was thrown, in a form that crosses from one process to another. */
export type SentError =
  | { kind: "value"; value: unknown }
  | {
      kind: "error" | "permanent" | "retryable" | "retry-after";
      name: string;
      message: string;
      stack: string;
      code?: unknown;
      retryAfter?: RetryAfter;
      cause?: SentError;
    };

/** Longest chain of causes that is sent; a chain may be a circle. */
const MAX_CAUSES = 10;

/** Writes down what was thrown: an error with its class, code, stack and causes. Never throws. */
export function toSent(thrown: unknown, depth = 0): SentError {
  if (!(thrown instanceof Error)) return { kind: "value", value: copyable(thrown) ?? String(typeof thrown) };
  try {
    const { code } = thrown as { code?: unknown };
    return {
      kind: kindOf(thrown),
      name: String(thrown.name),
      message: String(thrown.message),
      stack: String(thrown.stack),
      ...(code !== undefined && { code: copyable(code) }),
      ...retryAfterOf(thrown),
      ...(thrown.cause !== undefined && depth < MAX_CAUSES && { cause: toSent(thrown.cause, depth + 1) }),
    };
  } catch {
    // One of its getters throws, too; that an error was thrown is still known.
    return { kind: "error", name: "Error", message: "an error that cannot be read", stack: "" };
  }
}

/** Makes the error again; `PermanentError`, `RetryableError` and `RetryAfterError` are of their class. */
export function fromSent(sent: SentError): unknown {
  if (sent.kind === "value") return sent.value;
  const options = sent.cause === undefined ? {} : { cause: fromSent(sent.cause) };
  const error = make(sent, options);
  Object.defineProperty(error, "stack", { value: sent.stack, configurable: true, writable: true });
  return error;
}

function make(sent: Exclude<SentError, { kind: "value" }>, options: ErrorOptions): Error {
  const { kind, name, message, code, retryAfter } = sent;
  if (kind === "retry-after" && retryAfter) return new RetryAfterError(String(code), message, retryAfter, options);
  if (kind === "permanent") return new PermanentError(String(code), message, options);
  if (kind !== "error") return new RetryableError(String(code), message, options);
  return Object.assign(new Error(message, options), { name }, code !== undefined && { code });
}

function kindOf(error: Error): "error" | "permanent" | "retryable" | "retry-after" {
  const { kind, ...said } = classify(error);
  if (kind === "unexpected") return "error";
  return "retryAfter" in said ? "retry-after" : kind;
}

function retryAfterOf(error: Error): { retryAfter?: RetryAfter } {
  const said = classify(error);
  const asked = "retryAfter" in said ? copyable(said.retryAfter) : undefined;
  // Its value is checked where it is used.
  return asked === undefined ? {} : { retryAfter: asked as RetryAfter };
}

/** The value when it can be sent to another process; else undefined. */
export function copyable<T>(value: T): T | undefined {
  try {
    serialize(value);
    return value;
  } catch {
    return undefined;
  }
}
