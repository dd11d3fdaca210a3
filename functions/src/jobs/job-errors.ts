/** Says that another attempt cannot help: the job fails at once. `code` and `message` reach the owner. */
export class PermanentError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PermanentError";
    this.code = code;
  }
}

/** An error worth another attempt whose `code` and `message` the owner may see; what any other error says stays in the logs. */
export class RetryableError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RetryableError";
    this.code = code;
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
  constructor(code: string, message: string, retryAfter: RetryAfter, options?: ErrorOptions) {
    super(code, message, options);
    this.name = "RetryAfterError";
    this.retryAfter = retryAfter;
  }
}
