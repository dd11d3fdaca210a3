import { z } from "zod";

/** Codes of the API's problems. Programs use the `code`, people read the `detail`. */
export const ProblemCode = z.enum([
  "invalid-json",
  "invalid-request",
  "invalid-input",
  "unknown-job-type",
  "unsupported-media-type",
  "body-too-large",
  "input-too-large",
  "file-too-large",
  "webhook-url-refused",
  "unauthenticated",
  "token-expired",
  "access-denied",
  "forbidden",
  "not-found",
  "method-not-allowed",
  "not-final",
  "already-final",
  "idempotency-conflict",
  "too-many-endpoints",
  "too-many-secrets",
  "endpoint-disabled",
  "endpoint-gone",
  "delivery-busy",
  "recovery-running",
  "quota-exceeded",
  "too-many-requests",
  "unavailable",
  "internal",
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/**
 * A mistake in one place of the request. `pointer` is an RFC 6901 JSON pointer into the body, or `?name` for a query
 * parameter.
 */
export const ProblemIssue = z.object({ pointer: z.string(), message: z.string() });
export type ProblemIssue = z.infer<typeof ProblemIssue>;

/** Body of every error answer: RFC 9457 `application/problem+json`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  code: ProblemCode,
  /** Id of the request in the operator's logs. */
  requestId: z.string(),
  errors: z.array(ProblemIssue).optional(),
});
export type Problem = z.infer<typeof Problem>;
