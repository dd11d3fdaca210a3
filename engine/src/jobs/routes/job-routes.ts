import { ListJobsQuery } from "@baton/protocol";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Principal } from "../../accounts/principal.ts";
import type { ApiEnv } from "../../http/api-env.ts";
import { ANSWERS, json, problem, REFUSALS, SECURITY } from "../../http/openapi.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import { cancelJob } from "../cancel-job.ts";
import type { JobStore } from "../ports.ts";
import { readJob, readResult } from "../read-job.ts";
import { jobView, resultView } from "./job-views.ts";

/** The ports of these routes. */
export type JobRoutePorts = { jobs: Pick<JobStore, "list"> } & Parameters<typeof readResult>[0] &
  Parameters<typeof cancelJob>[0];

/** Adds list, read, result and cancel. */
export function addJobRoutes(app: OpenAPIHono<ApiEnv>, ports: JobRoutePorts): void {
  app.openapi(listRoute, async (c) => {
    const { owner: asked, status, type, tag, limit, cursor } = c.req.valid("query");
    const owner = ownerToList(c.get("principal"), asked);
    const filter = { owner, limit, ...(status && { status }), ...(type && { type }), ...(tag && { tag }) };
    const page = await ports.jobs.list({ ...filter, ...(cursor && { cursor }) });
    if (page === "bad-cursor") throw new RefusedError(BAD_CURSOR);
    const { jobs, nextCursor } = page;
    return c.json({ jobs: jobs.map(jobView), ...(nextCursor !== undefined && { nextCursor }) }, 200);
  });

  app.openapi(readRoute, async (c) => {
    const job = await readJob(ports, c.get("principal"), c.req.param("jobId"));
    if (!job) throw new RefusedError(NO_JOB);
    return c.json(jobView(job), 200);
  });

  app.openapi(resultRoute, async (c) => {
    const read = await readResult(ports, c.get("principal"), c.req.param("jobId"));
    if (read.outcome === "not-found") throw new RefusedError(NO_JOB);
    if (read.outcome === "not-final") throw new RefusedError(notFinal(read.job.status));
    return c.json(resultView(read.result), 200);
  });

  app.openapi(cancelRoute, async (c) => {
    const cancelled = await cancelJob(ports, c.get("principal"), c.req.param("jobId"));
    if (cancelled.outcome === "not-found") throw new RefusedError(NO_JOB);
    if (cancelled.outcome === "forbidden") throw new RefusedError(NOT_OWNER);
    if (cancelled.outcome === "already-final") throw new RefusedError(alreadyFinal(cancelled.job.status));
    return c.json(jobView(cancelled.job), cancelled.outcome === "requested" ? 202 : 200);
  });
}

function ownerToList(caller: Principal, asked: string | undefined): string {
  if (asked === undefined || asked === caller.uid) return caller.uid;
  if (caller.isAdmin) return asked;
  throw new RefusedError({ code: "forbidden", detail: "Only an admin lists another owner's jobs. Leave owner out." });
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

const listRoute = createRoute({
  method: "get",
  path: "/v1/jobs",
  operationId: "listJobs",
  summary: "List own jobs, newest first",
  security: SECURITY,
  request: { query: ListJobsQuery },
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.JobList, "One page."),
    400: problem("invalid-request"),
    403: problem("access-denied", "forbidden"),
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
    ...REFUSALS,
    200: json(ANSWERS.Job, "The job."),
    404: problem("not-found"),
  },
});

const resultRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{jobId}/result",
  operationId: "readResult",
  summary: "Read the result of a final job",
  security: SECURITY,
  request: { params },
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.JobResult, "The outcome: `output`, or `error`."),
    404: problem("not-found"),
    409: problem("not-final"),
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
    ...REFUSALS,
    200: json(ANSWERS.Job, "The job is cancelled."),
    202: json(ANSWERS.Job, "The job was asked to stop."),
    403: problem("access-denied", "forbidden"),
    404: problem("not-found"),
    409: problem("already-final"),
  },
});
