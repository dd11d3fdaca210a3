import type { JobTypeList } from "@baton/protocol";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "../http/api-env.ts";
import {
  ANSWERS,
  addComponents,
  json,
  openApiDocument,
  REFUSALS,
  SECURITY,
  TOO_MANY_REQUESTS,
} from "../http/openapi.ts";
import { jsonSchemaOf } from "../job-types/check-schema.ts";
import type { JobType } from "../job-types/define-job.ts";

/** The ports of these routes. */
export interface ServicePorts {
  types: ReadonlyMap<string, JobType>;
}

/** Adds the routes about the service: job types, health and the OpenAPI document. */
export function addServiceRoutes(app: OpenAPIHono<ApiEnv>, ports: ServicePorts): void {
  addComponents(app);
  app.openapi(typesRoute, (c) => c.json(describeTypes(ports), 200));
  app.openapi(healthRoute, (c) => c.json({ status: "ok" as const }, 200));
  app.get("/openapi.json", (c) => c.json(openApiDocument(app)));
}

function describeTypes(ports: { types: ReadonlyMap<string, JobType> }): JobTypeList {
  const types = [...ports.types.values()].map(({ type, queue, input, output }) => ({
    type,
    queue,
    inputSchema: jsonSchemaOf(input, "input"),
    outputSchema: jsonSchemaOf(output, "output"),
  }));
  return { types };
}

const typesRoute = createRoute({
  method: "get",
  path: "/v1/types",
  operationId: "listTypes",
  summary: "List the job types of this deployment",
  security: SECURITY,
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.JobTypeList, "Every job type, with JSON Schemas of what it takes and gives."),
  },
});

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "health",
  summary: "Say that the function runs",
  responses: { 200: json(ANSWERS.Health, "It runs."), 429: TOO_MANY_REQUESTS },
});
