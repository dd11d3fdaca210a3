import { Problem, type ProblemCode, type ProblemIssue } from "@baton/protocol";

/**
 * What went wrong: a problem the API named, or one of the client's own.
 * `network`: no answer came, the request may or may not have been handled. `unexpected-answer`: an answer that is not
 * this API's, such as a proxy's error page. `malformed-document`: a stored document this client cannot read.
 * `listener`: Firestore ended a listener for a reason other than its rules. `no-token`: `getToken` failed, nothing was sent.
 * `aborted`: the caller called the request off.
 */
export type BatonErrorCode =
  | ProblemCode
  | "network"
  | "unexpected-answer"
  | "malformed-document"
  | "listener"
  | "no-token"
  | "aborted";

/** The one error this client throws and gives to listeners. `message` is for people, `code` for programs. */
export class BatonError extends Error {
  readonly code: BatonErrorCode;
  /** HTTP status of the answer; absent when there was none. */
  readonly status: number | undefined;
  /** What was wrong and what to do about it. */
  readonly detail: string;
  /** The places of the request that were refused, as JSON pointers. */
  readonly errors: readonly ProblemIssue[];
  /** Quote it to an operator: their logs carry it. */
  readonly requestId: string | undefined;
  /** How long the API asks to wait before another try, in milliseconds; absent when it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: BatonErrorCode,
    detail: string,
    more: {
      status?: number;
      errors?: readonly ProblemIssue[];
      requestId?: string;
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "BatonError";
    this.code = code;
    this.detail = detail;
    this.status = more.status;
    this.errors = more.errors ?? [];
    this.requestId = more.requestId;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Reads an error answer: the problem it carries, or `unexpected-answer` when the body is not a problem of this API. */
export async function errorOfAnswer(answer: Response): Promise<BatonError> {
  const retryAfterMs = retryAfterOf(answer);
  const also = retryAfterMs === undefined ? {} : { retryAfterMs };
  const problem = Problem.safeParse(await jsonOf(answer));
  if (problem.success) {
    const { code, detail, status, requestId, errors } = problem.data;
    return new BatonError(code, detail, { status, requestId, ...also, ...(errors && { errors }) });
  }
  const requestId = answer.headers.get("x-request-id");
  return new BatonError("unexpected-answer", `The API answered ${answer.status} without saying why. Try again later.`, {
    status: answer.status,
    ...also,
    ...(requestId !== null && { requestId }),
  });
}

/** In seconds only: this API sends no dates there. */
function retryAfterOf(answer: Response): number | undefined {
  const seconds = answer.headers.get("retry-after");
  return seconds !== null && /^\d{1,7}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** The body as JSON, or `undefined` when it is not: a proxy's error page says nothing a program can use. */
export async function jsonOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}
