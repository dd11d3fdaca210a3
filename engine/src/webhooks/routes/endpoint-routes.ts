import { ChangeEndpointRequest, CreateEndpointRequest } from "@baton/protocol";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiEnv } from "../../http/api-env.ts";
import { parseBody, readJson } from "../../http/json-body.ts";
import {
  ANSWERS,
  BODY_REFUSALS,
  headers,
  json,
  problem,
  QUOTA_REFUSALS,
  REFUSALS,
  requestBody,
  SECURITY,
} from "../../http/openapi.ts";
import type { Clock } from "../../kit/ports.ts";
import { RefusedError } from "../../kit/refusal.ts";
import { changeEndpoint } from "../endpoints/change-endpoint.ts";
import { createEndpoint } from "../endpoints/create-endpoint.ts";
import { deleteEndpoint } from "../endpoints/delete-endpoint.ts";
import { ownEndpoint } from "../endpoints/read-endpoint.ts";
import type { EndpointStore } from "../ports.ts";
import { endpointView } from "./endpoint-views.ts";

/** The ports of these routes. */
export type EndpointRoutePorts = {
  endpoints: Pick<EndpointStore, "listOf">;
  clock: Clock;
} & Parameters<typeof changeEndpoint>[0] &
  Parameters<typeof createEndpoint>[0] &
  Parameters<typeof deleteEndpoint>[0] &
  Parameters<typeof ownEndpoint>[0];

/**
 * Adds the routes to create, list, read, change and delete webhook endpoints. Only the owner may use them, not even
 * admins.
 */
export function addEndpointRoutes(app: OpenAPIHono<ApiEnv>, ports: EndpointRoutePorts): void {
  app.openapi(createEndpointRoute, async (c) => {
    const request = parseBody(CreateEndpointRequest, await readJson(c.req.raw));
    const created = await createEndpoint(ports, c.get("principal"), request);
    if (created.outcome === "refused") throw new RefusedError(created.refusal);
    const { endpoint, secret } = created;
    c.header("location", `endpoints/${endpoint.endpointId}`);
    return c.json({ ...endpointView(endpoint, ports.clock.now()), ...(secret !== undefined && { secret }) }, 201);
  });

  app.openapi(listRoute, async (c) => {
    const endpoints = await ports.endpoints.listOf(c.get("principal").uid);
    const now = ports.clock.now();
    return c.json({ endpoints: endpoints.map((endpoint) => endpointView(endpoint, now)) }, 200);
  });

  app.openapi(readRoute, async (c) => {
    const endpoint = await ownEndpoint(ports, c.get("principal"), c.req.param("endpointId"));
    return c.json(endpointView(endpoint, ports.clock.now()), 200);
  });

  app.openapi(changeRoute, async (c) => {
    const request = parseBody(ChangeEndpointRequest, await readJson(c.req.raw));
    const changed = await changeEndpoint(ports, c.get("principal"), c.req.param("endpointId"), request);
    if (changed.outcome === "refused") throw new RefusedError(changed.refusal);
    return c.json(endpointView(changed.endpoint, ports.clock.now()), 200);
  });

  app.openapi(deleteRoute, async (c) => {
    await deleteEndpoint(ports, c.get("principal"), c.req.param("endpointId"));
    return c.body(null, 204);
  });
}

const params = z.object({ endpointId: z.string() });

const createEndpointRoute = createRoute({
  method: "post",
  path: "/v1/endpoints",
  operationId: "createEndpoint",
  summary: "Create a webhook endpoint",
  description: "`secret` verifies its webhooks and is shown this once; a `v1a` endpoint has `publicKeys` instead.",
  security: SECURITY,
  request: { body: requestBody("CreateEndpointRequest") },
  responses: {
    ...QUOTA_REFUSALS,
    ...BODY_REFUSALS,
    201: {
      ...json(ANSWERS.CreatedEndpoint, "Created, and enabled."),
      headers: headers({ Location: "Where to read the endpoint." }),
    },
    400: problem("invalid-json", "invalid-request", "webhook-url-refused", "unknown-job-type"),
    409: problem("too-many-endpoints"),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/endpoints",
  operationId: "listEndpoints",
  summary: "List own webhook endpoints, the oldest first",
  security: SECURITY,
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.EndpointList, "All of them, disabled ones too."),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/endpoints/{endpointId}",
  operationId: "readEndpoint",
  summary: "Read one webhook endpoint",
  security: SECURITY,
  request: { params },
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.Endpoint, "The endpoint with its health."),
    404: problem("not-found"),
  },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/v1/endpoints/{endpointId}",
  operationId: "changeEndpoint",
  summary: "Change a webhook endpoint",
  description: "Absent fields stay, null clears a field. `headers` replaces all custom headers.",
  security: SECURITY,
  request: { params, body: requestBody("ChangeEndpointRequest") },
  responses: {
    ...QUOTA_REFUSALS,
    ...BODY_REFUSALS,
    200: json(ANSWERS.Endpoint, "Changed; later attempts use it."),
    400: problem("invalid-json", "invalid-request", "webhook-url-refused", "unknown-job-type"),
    404: problem("not-found"),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/v1/endpoints/{endpointId}",
  operationId: "deleteEndpoint",
  summary: "Delete a webhook endpoint with its secrets",
  description: "Its pending and held deliveries are cancelled, and can be read as long as they are kept.",
  security: SECURITY,
  request: { params },
  responses: {
    ...QUOTA_REFUSALS,
    204: { description: "Deleted." },
    404: problem("not-found"),
  },
});
