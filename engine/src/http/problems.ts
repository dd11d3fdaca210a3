import type { Problem, ProblemCode, ProblemIssue } from "@baton/protocol";

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
  "file-too-large": { status: 413, title: "File too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "quota-exceeded": { status: 429, title: "Quota exceeded" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Service unavailable" },
} as const satisfies Record<ProblemCode, { status: number; title: string }>;

/** Most places of a request that one answer names. */
const MAX_ISSUES = 20;

/** Why a request is refused, in words for the caller. `detail` says what to do and names nothing internal. */
export interface Refusal {
  code: ProblemCode;
  detail: string;
  errors?: ProblemIssue[];
  /** Further headers of the answer. */
  headers?: Record<string, string>;
}

/** Ends a request with a problem; thrown by routes and middleware, answered by the app's error handler. */
export class ProblemError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.name = "ProblemError";
    this.refusal = refusal;
  }
}

/** Says that a service behind the API could not be reached; `cause` is for the log, the caller is told to try again. */
export class UnavailableError extends Error {
  /** Stable, for programs that read the logs. */
  readonly code = "unavailable";
  constructor(service: string, options: ErrorOptions) {
    super(`${service} could not be reached`, options);
    this.name = "UnavailableError";
  }
}

/**
 * How long one call to a port may take. The function has 60 s for a request, and a submission makes the most calls: token,
 * store, publisher (10 s by itself) and store again.
 */
const REACH_DEADLINE_MS = 12_000;

/**
 * Awaits a call to a port whose rejection means "unreachable"; such a rejection, and 12 s of silence, become an
 * `UnavailableError`. What a silent call was to do may still happen.
 */
export async function reach<T>(service: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${REACH_DEADLINE_MS} ms`)), REACH_DEADLINE_MS);
  });
  try {
    return await Promise.race([call, silence]);
  } catch (cause) {
    throw new UnavailableError(service, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The answer to a refused request: RFC 9457 `application/problem+json`, with at most 20 `errors`. */
export function problemResponse(refusal: Refusal, requestId: string): Response {
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
  const headers = { ...refusal.headers, "content-type": "application/problem+json" };
  return new Response(JSON.stringify(problem), { status, headers });
}
