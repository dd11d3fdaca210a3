import { IdempotencyKey, ListJobsQuery, SubmitJobRequest } from "@baton/protocol";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Principal } from "../accounts/principal.ts";
import type { ApiEnv } from "../http/api-env.ts";
import { parseBody, readJson } from "../http/json-body.ts";
import type { RequestLimits } from "../http/limit-requests.ts";
import {
  ANSWERS,
  headers,
  json,
  problem,
  RATE_LIMIT_HEADERS,
  requestBody,
  SECURITY,
  SUBMIT_HEADERS,
  TOO_MANY,
  TOO_MANY_REQUESTS,
} from "../http/openapi.ts";
import { ProblemError, type Refusal, reach } from "../http/problems.ts";
import { cancelJob } from "./cancel-job.ts";
import type { JobStore } from "./ports.ts";
import { rateLimitHeaders } from "./quota-answers.ts";
import { readJob, readResult } from "./read-job.ts";
import { submitJob } from "./submit-job.ts";
import { jobView, resultView } from "./views.ts";

/** The ports of these routes. */
export type JobRoutePorts = {
  jobs: JobStore;
} & Parameters<typeof submitJob>[0] &
  Parameters<typeof readJob>[0] &
  Parameters<typeof readResult>[0] &
  Parameters<typeof cancelJob>[0];

/** Adds submit, list, read, result and cancel. */
export function addJobRoutes(app: OpenAPIHono<ApiEnv>, ports: JobRoutePorts, limits: RequestLimits): void {
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
    if (submitted.outcome === "refused") throw new ProblemError(submitted.refusal);
    if (submitted.outcome === "accepted") limits.giveBack(c.get("principal"));
    const also =
      submitted.outcome === "replayed" ? { "idempotent-replayed": "true" } : rateLimitHeaders(submitted.quotas);
    for (const [name, value] of Object.entries(also)) c.header(name, value);
    c.header("location", `jobs/${submitted.job.jobId}`);
    return c.json(jobView(submitted.job), 202);
  });

  app.openapi(listRoute, async (c) => {
    const { owner: asked, status, type, tag, limit, cursor } = c.req.valid("query");
    const owner = ownerToList(c.get("principal"), asked);
    const filter = { owner, limit, ...(status && { status }), ...(type && { type }), ...(tag && { tag }) };
    const page = await reach("the job store", ports.jobs.list({ ...filter, ...(cursor && { cursor }) }));
    if (page === "bad-cursor") throw new ProblemError(BAD_CURSOR);
    const { jobs, nextCursor } = page;
    return c.json({ jobs: jobs.map(jobView), ...(nextCursor !== undefined && { nextCursor }) }, 200);
  });

  app.openapi(readRoute, async (c) => {
    const job = await readJob(ports, c.get("principal"), c.req.param("jobId"));
    if (!job) throw new ProblemError(NO_JOB);
    return c.json(jobView(job), 200);
  });

  app.openapi(resultRoute, async (c) => {
    const read = await readResult(ports, c.get("principal"), c.req.param("jobId"));
    if (read.outcome === "not-found") throw new ProblemError(NO_JOB);
    if (read.outcome === "not-final") throw new ProblemError(notFinal(read.job.status));
    return c.json(resultView(read.result), 200);
  });

  app.openapi(cancelRoute, async (c) => {
    const cancelled = await cancelJob(ports, c.get("principal"), c.req.param("jobId"));
    if (cancelled.outcome === "not-found") throw new ProblemError(NO_JOB);
    if (cancelled.outcome === "forbidden") throw new ProblemError(NOT_OWNER);
    if (cancelled.outcome === "already-final") throw new ProblemError(alreadyFinal(cancelled.job.status));
    return c.json(jobView(cancelled.job), cancelled.outcome === "requested" ? 202 : 200);
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

function ownerToList(caller: Principal, asked: string | undefined): string {
  if (asked === undefined || asked === caller.uid) return caller.uid;
  if (caller.isAdmin) return asked;
  throw new ProblemError({ code: "forbidden", detail: "Only an admin lists another owner's jobs. Leave owner out." });
}

const NO_JOB: Refusal = {
  code: "not-found",
  detail: "You have no job with this id. Check the id and who is signed in.",
};
const NOT_OWNER: Refusal = { code: "forbidden", detail: "Only the owner of a job can cancel it." };
const BAD_CURSOR: Refusal = {
  code: "invalid-request",
  detail: "The cursor is not one that this list gave. Leave it out to start at the newest job.",
  errors: [{ pointer: "?cursor", message: "is not a cursor of this list" }],
};

function notFinal(status: string): Refusal {
  const detail = `The job is ${status}; there is no result yet. Follow the job, and ask again once it is final.`;
  return { code: "not-final", detail };
}

function alreadyFinal(status: string): Refusal {
  return { code: "already-final", detail: `The job is already ${status}; there is nothing left to cancel.` };
}

const params = z.object({ jobId: z.string() });

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
    202: {
      ...json(ANSWERS.Job, "Accepted: the job is stored and will run, or has ended already with a cached result."),
      headers: headers({
        Location: "Where to read the job.",
        "Idempotent-Replayed": "`true` when this request was accepted before; then no quota is used.",
        ...RATE_LIMIT_HEADERS,
      }),
    },
    400: problem("invalid-json", "invalid-request", "unknown-job-type", "invalid-input", "webhook-url-refused"),
    401: problem("unauthenticated", "token-expired"),
    403: problem("access-denied"),
    409: problem("idempotency-conflict"),
    413: problem("body-too-large", "input-too-large"),
    415: problem("unsupported-media-type"),
    429: {
      ...TOO_MANY,
      headers: headers({ "Retry-After": "Seconds until the quota is given back.", ...RATE_LIMIT_HEADERS }),
    },
    503: problem("unavailable"),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/jobs",
  operationId: "listJobs",
  summary: "List own jobs, newest first",
  security: SECURITY,
  request: { query: ListJobsQuery },
  responses: {
    200: json(ANSWERS.JobList, "One page."),
    400: problem("invalid-request"),
    401: problem("unauthenticated", "token-expired"),
    403: problem("access-denied", "forbidden"),
    429: TOO_MANY_REQUESTS,
    503: problem("unavailable"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{jobId}",
  operationId: "readJob",
  summary: "Read one job",
  security: SECURITY,
  request: { params },
  responses: {
    200: json(ANSWERS.Job, "The job."),
    401: problem("unauthenticated", "token-expired"),
    403: problem("access-denied"),
    404: problem("not-found"),
    429: TOO_MANY_REQUESTS,
    503: problem("unavailable"),
  },
});

const resultRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{jobId}/result",
  operationId: "readResult",
  summary: "Read the result of a finished job",
  security: SECURITY,
  request: { params },
  responses: {
    200: json(ANSWERS.JobResult, "The outcome: `output`, or `error`."),
    401: problem("unauthenticated", "token-expired"),
    403: problem("access-denied"),
    404: problem("not-found"),
    409: problem("not-final"),
    429: TOO_MANY_REQUESTS,
    503: problem("unavailable"),
  },
});

const cancelRoute = createRoute({
  method: "delete",
  path: "/v1/jobs/{jobId}",
  operationId: "cancelJob",
  summary: "Cancel a job",
  description:
    "A waiting job ends at once (200). One that runs, or has something to clean up, is asked to stop (202). " +
    "Asking again answers the same.",
  security: SECURITY,
  request: { params },
  responses: {
    200: json(ANSWERS.Job, "The job is cancelled."),
    202: json(ANSWERS.Job, "The job was asked to stop."),
    401: problem("unauthenticated", "token-expired"),
    403: problem("access-denied", "forbidden"),
    404: problem("not-found"),
    409: problem("already-final"),
    429: TOO_MANY_REQUESTS,
    503: problem("unavailable"),
  },
});
