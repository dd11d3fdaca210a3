import type { Problem, ProblemCode, ProblemIssue } from "@baton/protocol";

/** The one place where a problem gets its HTTP status and title. */
const PROBLEMS = {
  "invalid-json": { status: 400, title: "The body is not JSON" },
  "invalid-request": { status: 400, title: "The request is not as it should be" },
  "invalid-input": { status: 400, title: "The input does not fit the job type" },
  "unknown-job-type": { status: 400, title: "There is no such job type" },
  "webhook-url-refused": { status: 400, title: "No webhook can be sent to this URL" },
  unauthenticated: { status: 401, title: "A valid ID token is needed" },
  "token-expired": { status: 401, title: "The ID token has expired" },
  forbidden: { status: 403, title: "Not allowed" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-finished": { status: 409, title: "The job has not finished" },
  "already-final": { status: 409, title: "The job has already ended" },
  "idempotency-conflict": { status: 409, title: "The idempotency key was used for another request" },
  "too-many-endpoints": { status: 409, title: "There are as many endpoints as you may have" },
  "too-many-secrets": { status: 409, title: "There are as many live secrets as an endpoint may have" },
  "endpoint-disabled": { status: 409, title: "The endpoint is disabled" },
  "endpoint-gone": { status: 409, title: "The endpoint has been deleted" },
  "delivery-busy": { status: 409, title: "An attempt is under way" },
  "recovery-running": { status: 409, title: "A recovery of this endpoint is under way" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "input-too-large": { status: 413, title: "The input is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "quota-exceeded": { status: 429, title: "A quota is used up" },
  internal: { status: 500, title: "Something went wrong here" },
  unavailable: { status: 503, title: "Not available right now" },
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
