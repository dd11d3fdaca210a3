import { httpDateMs, type ProblemCode, ProblemIssue, retryAfterMs as retryAfterMsOf } from "@baton/protocol";
import { z } from "zod";
import type { Open } from "./open.ts";

/**
 * The code of an error: a problem of the API, which may be newer than this client, or one of the client itself.
 * `network`: no complete answer, so the request may have been handled. `unexpected-answer`: not an answer of this API,
 * such as a proxy's error page. `malformed-document`: a stored document that this client cannot read. `listener`:
 * Firestore ended a listener, for a reason other than its rules. `no-token`: `getToken` failed and nothing was sent.
 * `invalid-argument`: the argument can never be sent and nothing was sent. `aborted`: the caller aborted the request.
 */
export type BatonErrorCode = Open<
  | ProblemCode
  | "network"
  | "unexpected-answer"
  | "malformed-document"
  | "listener"
  | "no-token"
  | "invalid-argument"
  | "aborted"
>;

/** The only error that this client throws and gives to listeners. `message` is for people, `code` for programs. */
export class BatonError extends Error {
  readonly code: BatonErrorCode;
  /** HTTP status of the answer; undefined without an answer. */
  readonly status: number | undefined;
  /** A sentence on what is wrong, and on what to do. */
  readonly detail: string;
  /** The refused places of the request, as JSON pointers. */
  readonly errors: readonly ProblemIssue[];
  /** Id of the request in the operator's logs. */
  readonly requestId: string | undefined;
  /** Delay before the next try that the API asks for, in milliseconds; undefined when the API names none. */
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

/** An answer with its complete body. */
export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** The fields of a problem that every version of the API sends; any code is accepted. */
const AnyProblem = z.object({
  code: z.string().min(1),
  detail: z.string(),
  requestId: z.string().optional().catch(undefined),
  errors: z.array(ProblemIssue).optional().catch(undefined),
});

/** Reads an error answer: its problem, or `unexpected-answer` when the body is not a problem of this API. */
export function errorOfAnswer({ status, headers }: Omit<Answer<unknown>, "body">, body: unknown): BatonError {
  const retryAfterMs = retryAfterOf(headers);
  const problem = AnyProblem.safeParse(body);
  const requestId = problem.data?.requestId ?? headers.get("x-request-id") ?? undefined;
  const also = { status, ...(retryAfterMs !== undefined && { retryAfterMs }), ...(requestId && { requestId }) };
  if (problem.success) {
    const { code, detail, errors } = problem.data;
    return new BatonError(code, detail, { ...also, ...(errors && { errors }) });
  }
  return new BatonError("unexpected-answer", `The API answered ${status} without saying why. Try again later.`, also);
}

/**
 * Reads `Retry-After`: seconds, or a date measured by the server's clock when the answer has it. A past date gives
 * undefined.
 */
function retryAfterOf(headers: Headers): number | undefined {
  const sentAtMs = httpDateMs(headers.get("date") ?? "");
  const ms = retryAfterMsOf(headers.get("retry-after") ?? "", Number.isNaN(sentAtMs) ? Date.now() : sentAtMs);
  return ms >= 0 ? ms : undefined;
}
