/** Marks errors of this module, so that those of another copy of it (a second bundle) are known, too. */
const KIND = Symbol.for("baton.job-error");
const NO_CODE = "unspecified";

/** Says that another attempt cannot help: the job fails at once. `code` and `message` reach the owner. */
export class PermanentError extends Error {
  readonly code: string;
  /** A number as `code` becomes text; without one it is `unspecified`. */
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(textOf(message), options);
    this.name = "PermanentError";
    this.code = codeOf(code);
    mark(this, "permanent");
  }
}

/** An error worth another attempt whose `code` and `message` the owner may see; what any other error says stays in the logs. */
export class RetryableError extends Error {
  readonly code: string;
  /** A number as `code` becomes text; without one it is `unspecified`. */
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(textOf(message), options);
    this.name = "RetryableError";
    this.code = codeOf(code);
    mark(this, "retryable");
  }
}

/** When another attempt is worth making: so many milliseconds from now, or at an instant. At most 30 days ahead; the past means now. */
export type RetryAfter = { afterMs: number } | { at: Date };

/**
 * An error worth another attempt at a time that the handler knows better than the job's retry policy, such as a
 * `Retry-After` header says. It counts against `maxAttempts` as any other failure.
 */
export class RetryAfterError extends RetryableError {
  readonly retryAfter: RetryAfter;
  constructor(code: string, message: string, retryAfter: RetryAfter, options?: { cause?: unknown }) {
    super(code, message, options);
    this.name = "RetryAfterError";
    this.retryAfter = retryAfter;
  }
}

/** The class of a thrown value, for its job. */
export type Classified =
  | { kind: "permanent"; code: string; message: string }
  | { kind: "retryable"; code: string; message: string; retryAfter?: unknown }
  | { kind: "unexpected" };

/**
 * Classifies whatever a handler threw: an error of this module, of another copy of it, a subclass, or any other value. Never
 * throws.
 */
export function classify(thrown: unknown): Classified {
  const kind = read(thrown, KIND);
  if (kind !== "permanent" && kind !== "retryable") return { kind: "unexpected" };
  const retryAfter = read(thrown, "retryAfter");
  const message = textOf(read(thrown, "message")) || "The job type gave no message.";
  const said = { code: codeOf(read(thrown, "code")), message };
  if (kind === "permanent" || retryAfter === undefined) return { kind, ...said };
  return { kind, ...said, retryAfter };
}

/** True for an error that says that another attempt cannot help. Never throws. */
export function isPermanent(thrown: unknown): boolean {
  return classify(thrown).kind === "permanent";
}

function mark(error: object, kind: "permanent" | "retryable"): void {
  Object.defineProperty(error, KIND, { value: kind });
}

function read(value: unknown, name: PropertyKey): unknown {
  try {
    return value !== null && typeof value === "object" ? Reflect.get(value, name) : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(code: unknown): string {
  const isSaid = typeof code === "string" || typeof code === "number" || typeof code === "bigint";
  return (isSaid && String(code).trim()) || NO_CODE;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  try {
    return String(value);
  } catch {
    return "";
  }
}
