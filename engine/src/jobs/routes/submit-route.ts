import { IdempotencyKey, SubmitJobRequest } from "@baton/protocol";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "../../http/api-env.ts";
import { parseBody, readJson } from "../../http/json-body.ts";
import type { RequestLimits } from "../../http/limit-requests.ts";
import {
  ANSWERS,
  BODY_REFUSALS,
  headers,
  json,
  problem,
  RATE_LIMIT_HEADERS,
  REFUSALS,
  requestBody,
  SECURITY,
  SUBMIT_HEADERS,
  TOO_MANY,
} from "../../http/openapi.ts";
import { ProblemError } from "../../http/problems.ts";
import { RefusedError } from "../../kit/refusal.ts";
import { submitJob } from "../submit-job.ts";
import { jobView } from "./job-views.ts";
import { quotaHeaders } from "./quota-headers.ts";

/** The ports of this route. */
export type SubmitRoutePorts = Parameters<typeof submitJob>[0];

/** Adds the route to submit a job. A submission that is accepted counts as a job, not as a request. */
export function addSubmitRoute(app: OpenAPIHono<ApiEnv>, ports: SubmitRoutePorts, limits: RequestLimits): void {
  app.openapi(submitRoute, async (c) => {
    const idempotencyKey = parseIdempotencyKey(c.req.header("idempotency-key"));
    const request = parseBody(SubmitJobRequest, await readJson(c.req.raw));
    const traceparent = c.req.header("traceparent");
    const submitted = await submitJob(ports, {
      caller: c.get("principal"),
      request,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...(traceparent !== undefined && TRACEPARENT.test(traceparent) && { traceparent }),
    });
    if (submitted.outcome === "refused") throw new RefusedError(submitted.refusal);
    if (submitted.outcome === "limited")
      throw new ProblemError({ ...submitted.refusal, headers: quotaHeaders(submitted.quotas) });
    if (submitted.outcome === "accepted") limits.giveBack(c.get("principal"));
    const also = submitted.outcome === "replayed" ? { "idempotent-replayed": "true" } : quotaHeaders(submitted.quotas);
    for (const [name, value] of Object.entries(also)) c.header(name, value);
    c.header("location", `jobs/${submitted.job.jobId}`);
    return c.json(jobView(submitted.job), 202);
  });
}

/** Version 00 of https://www.w3.org/TR/trace-context/#traceparent-header. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

function parseIdempotencyKey(given: string | undefined): string | undefined {
  if (given === undefined || IdempotencyKey.safeParse(given).success) return given;
  const detail =
    "The header Idempotency-Key must be 1 to 255 printable characters of ASCII. Send it so, or leave it out.";
  throw new ProblemError({ code: "invalid-request", detail });
}

const submitRoute = createRoute({
  method: "post",
  path: "/v1/jobs",
  operationId: "submitJob",
  summary: "Submit a job",
  description: "Stores the job and answers at once. `Location` is where to read it.",
  security: SECURITY,
  parameters: SUBMIT_HEADERS,
  request: { body: requestBody("SubmitJobRequest") },
  responses: {
    ...REFUSALS,
    ...BODY_REFUSALS,
    202: {
      ...json(ANSWERS.Job, "Accepted: the job is stored and will run, or is final already, with a cached result."),
      headers: headers({
        Location: "Where to read the job.",
        "Idempotent-Replayed": "`true` when this request was accepted before; then no quota is used.",
        ...RATE_LIMIT_HEADERS,
      }),
    },
    400: problem("invalid-json", "invalid-request", "unknown-job-type", "invalid-input", "webhook-url-refused"),
    409: problem("idempotency-conflict"),
    413: problem("body-too-large", "input-too-large"),
    429: {
      ...TOO_MANY,
      headers: headers({ "Retry-After": "Seconds until the quota is given back.", ...RATE_LIMIT_HEADERS }),
    },
  },
});
