import { httpDateMs, type ProblemCode, ProblemIssue, retryAfterMs as retryAfterMsOf } from "@baton/protocol";
import { z } from "zod";
import type { Open } from "./open.ts";

/**
 * Names the fault: a problem the API named, or one of the client's own. A newer API may name problems that this version
 * does not know. `network`: no whole answer came, the request may or may not have been handled. `unexpected-answer`: an
 * answer that is not this API's, such as a proxy's error page. `malformed-document`: a stored document this client
 * cannot read. `listener`: Firestore broke a listener off for a reason other than its rules. `no-token`: `getToken`
 * failed, nothing was sent. `invalid-argument`: the caller's argument can never be sent, nothing was sent. `aborted`:
 * the caller called the request off.
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

/** An answer whose body arrived as a whole. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** As much of a problem as any version of the API sends: a code of tomorrow keeps its detail. */
const AnyProblem = z.object({
  code: z.string().min(1),
  detail: z.string(),
  requestId: z.string().optional().catch(undefined),
  errors: z.array(ProblemIssue).optional().catch(undefined),
});

/** Reads an error answer: the problem it carries, or `unexpected-answer` when the body is not a problem of this API. */
export function errorOfAnswer({ status, headers }: Answer, body: unknown): BatonError {
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

/** Seconds, as this API sends them, or a date, as proxies do, by the server's clock where the answer tells it. A date past says nothing. */
function retryAfterOf(headers: Headers): number | undefined {
  const sentAtMs = httpDateMs(headers.get("date") ?? "");
  const ms = retryAfterMsOf(headers.get("retry-after") ?? "", Number.isNaN(sentAtMs) ? Date.now() : sentAtMs);
  return ms >= 0 ? ms : undefined;
}
