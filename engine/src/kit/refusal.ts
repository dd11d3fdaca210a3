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
}
