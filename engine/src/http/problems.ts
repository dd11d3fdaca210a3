import type { Problem, ProblemCode } from "@baton/protocol";
import { type Refusal, RefusedError } from "../kit/refusal.ts";

/** The one place where a problem gets its HTTP status and title. */
const PROBLEMS = {
  "invalid-json": { status: 400, title: "Invalid JSON" },
  "invalid-request": { status: 400, title: "Invalid request" },
  "invalid-input": { status: 400, title: "Invalid input" },
  "unknown-job-type": { status: 400, title: "Unknown job type" },
  "webhook-url-refused": { status: 400, title: "Webhook URL refused" },
  unauthenticated: { status: 401, title: "Authentication required" },
  "token-expired": { status: 401, title: "ID token expired" },
  "access-denied": { status: 403, title: "Access denied" },
  forbidden: { status: 403, title: "Not allowed" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-final": { status: 409, title: "Job not final" },
  "already-final": { status: 409, title: "Job already final" },
  "idempotency-conflict": { status: 409, title: "Idempotency key already used" },
  "too-many-endpoints": { status: 409, title: "Endpoint limit reached" },
  "too-many-secrets": { status: 409, title: "Secret limit reached" },
  "endpoint-disabled": { status: 409, title: "Endpoint disabled" },
  "endpoint-gone": { status: 409, title: "Endpoint deleted" },
  "delivery-busy": { status: 409, title: "Delivery attempt in progress" },
  "recovery-running": { status: 409, title: "Recovery in progress" },
  "body-too-large": { status: 413, title: "Body too large" },
  "input-too-large": { status: 413, title: "Input too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "quota-exceeded": { status: 429, title: "Quota exceeded" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Service unavailable" },
} as const satisfies Record<ProblemCode, { status: number; title: string }>;

/** Most places of a request that one answer names. */
const MAX_ISSUES = 20;

/** A refusal as the API answers it, with further headers of the answer. */
export interface ProblemAnswer extends Refusal {
  headers?: Record<string, string>;
}

/** Ends a request for a reason that is about HTTP itself, such as its body; the answer may have further headers. */
export class ProblemError extends RefusedError {
  override readonly refusal: ProblemAnswer;
  constructor(refusal: ProblemAnswer) {
    super(refusal);
    this.name = "ProblemError";
    this.refusal = refusal;
  }
}

/** The answer to a refused request: RFC 9457 `application/problem+json`, with at most 20 `errors`. */
export function problemResponse(refusal: ProblemAnswer, requestId: string): Response {
  const { status, title } = PROBLEMS[refusal.code];
  const problem: Problem = {
    type: `/problems/${refusal.code}`,
    title,
    status,
    detail: refusal.detail,
    code: refusal.code,
    requestId,
    ...(refusal.errors && { errors: refusal.errors.slice(0, MAX_ISSUES) }),
  };
  const { retryAfterSeconds } = refusal;
  const headers = {
    ...refusal.headers,
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
    "content-type": "application/problem+json",
  };
  return new Response(JSON.stringify(problem), { status, headers });
}
