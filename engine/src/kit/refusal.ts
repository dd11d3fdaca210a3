import type { ProblemCode, ProblemIssue } from "@baton/protocol";

/**
 * Why a request is refused, in words for the caller. `detail` says what to do and names nothing internal. The API
 * answers it with the HTTP status of its code.
 */
export interface Refusal {
  code: ProblemCode;
  detail: string;
  /** The places of the request that are at fault. */
  errors?: ProblemIssue[];
  /** When the same request may be accepted: after so many seconds, at least 1. */
  retryAfterSeconds?: number;
}

/** Ends a request with a refusal, where no caller in between could do anything about it. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.name = "RefusedError";
    this.refusal = refusal;
  }
}
