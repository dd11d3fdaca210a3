import { type JobTypeList, JsonValue } from "@baton/protocol";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
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
import { catalogsOf } from "../job-types/catalogs.ts";
import { jsonSchemaOf } from "../job-types/check-schema.ts";
import type { JobType } from "../job-types/define-job.ts";

/** The ports of these routes. */
export interface ServicePorts {
  types: ReadonlyMap<string, JobType>;
}

/** Adds the routes about the service: job types and their catalogs, health and the OpenAPI document. */
export function addServiceRoutes(app: OpenAPIHono<ApiEnv>, ports: ServicePorts): void {
  addComponents(app);
  app.openapi(typesRoute, (c) => c.json(describeTypes(ports), 200));
  addCatalogRoutes(app, ports);
  app.openapi(healthRoute, (c) => c.json({ status: "ok" as const }, 200));
  app.get("/openapi.json", (c) => c.json(openApiDocument(app)));
}

/** Each catalog has a path of its own: `{ NAME: [entries] }`. */
function addCatalogRoutes(app: OpenAPIHono<ApiEnv>, { types }: ServicePorts): void {
  for (const [name, entries] of catalogsOf(types.values())) {
    app.openapi(catalogRoute(name), (c) => c.json({ [name]: entries }, 200));
  }
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

function catalogRoute(name: string) {
  const words = name.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const Entry = z.object({ type: z.string() }).catchall(JsonValue);
  return createRoute({
    method: "get",
    path: `/v1/${name}`,
    operationId: `list${words.join("")}`,
    summary: `List the ${name} of the job types`,
    security: SECURITY,
    responses: {
      ...REFUSALS,
      200: json(z.object({ [name]: z.array(Entry) }), "All of them; `type` is the job type that takes an entry."),
    },
  });
}

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "health",
  summary: "Say that the function runs",
  responses: { 200: json(ANSWERS.Health, "It runs."), 429: TOO_MANY_REQUESTS },
});
