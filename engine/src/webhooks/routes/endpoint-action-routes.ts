import { RotateSecretRequest } from "@baton/protocol";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiEnv } from "../../http/api-env.ts";
import { parseBody, readOptionalJson } from "../../http/json-body.ts";
import {
  ANSWERS,
  BODY_REFUSALS,
  headers,
  json,
  problem,
  QUOTA_REFUSALS,
  requestBody,
  SECURITY,
} from "../../http/openapi.ts";
import type { Clock } from "../../kit/ports.ts";
import { RefusedError } from "../../kit/refusal.ts";
import { disableEndpoint } from "../endpoints/disable-endpoint.ts";
import { enableEndpoint } from "../endpoints/enable-endpoint.ts";
import { rotateSecret } from "../endpoints/rotate-secret.ts";
import { testEndpoint } from "../endpoints/test-endpoint.ts";
import { deliveryView, endpointView } from "./endpoint-views.ts";

/** The ports of these routes. */
export type EndpointActionPorts = {
  clock: Clock;
} & Parameters<typeof disableEndpoint>[0] &
  Parameters<typeof enableEndpoint>[0] &
  Parameters<typeof rotateSecret>[0] &
  Parameters<typeof testEndpoint>[0];

/** Adds the actions on an endpoint: disable, enable, rotate the secret, send a test event. */
export function addEndpointActionRoutes(app: OpenAPIHono<ApiEnv>, ports: EndpointActionPorts): void {
  app.openapi(disableRoute, async (c) => {
    const endpoint = await disableEndpoint(ports, c.get("principal"), c.req.param("endpointId"));
    return c.json(endpointView(endpoint, ports.clock.now()), 200);
  });

  app.openapi(enableRoute, async (c) => {
    const endpoint = await enableEndpoint(ports, c.get("principal"), c.req.param("endpointId"));
    return c.json(endpointView(endpoint, ports.clock.now()), 200);
  });

  app.openapi(rotateRoute, async (c) => {
    const { overlapSeconds } = parseBody(RotateSecretRequest, await readOptionalJson(c.req.raw));
    const rotated = await rotateSecret(ports, c.get("principal"), c.req.param("endpointId"), overlapSeconds);
    if (rotated.outcome === "refused") throw new RefusedError(rotated.refusal);
    const { endpoint, secret, overlapUntil } = rotated;
    const view = { ...endpointView(endpoint, ports.clock.now()), overlapUntil: overlapUntil.toISOString() };
    return c.json({ ...view, ...(secret !== undefined && { secret }) }, 200);
  });

  app.openapi(testRoute, async (c) => {
    const sent = await testEndpoint(ports, c.get("principal"), c.req.param("endpointId"));
    if (sent.outcome === "refused") throw new RefusedError(sent.refusal);
    c.header("location", `../../deliveries/${sent.delivery.deliveryId}`);
    return c.json(deliveryView(sent.delivery), 202);
  });
}

const params = z.object({ endpointId: z.string() });

const disableRoute = createRoute({
  method: "post",
  path: "/v1/endpoints/{endpointId}/disable",
  operationId: "disableEndpoint",
  summary: "Disable a webhook endpoint",
  description: "Events for it are kept as `held` deliveries, and can be recovered. Idempotent.",
  security: SECURITY,
  request: { params },
  responses: {
    ...QUOTA_REFUSALS,
    200: json(ANSWERS.Endpoint, "Disabled."),
    404: problem("not-found"),
  },
});

const enableRoute = createRoute({
  method: "post",
  path: "/v1/endpoints/{endpointId}/enable",
  operationId: "enableEndpoint",
  summary: "Enable a webhook endpoint again",
  description: "Its health is reset. Held deliveries are sent by a recovery, or one by one.",
  security: SECURITY,
  request: { params },
  responses: {
    ...QUOTA_REFUSALS,
    200: json(ANSWERS.Endpoint, "Enabled."),
    404: problem("not-found"),
  },
});

const rotateRoute = createRoute({
  method: "post",
  path: "/v1/endpoints/{endpointId}/rotate",
  operationId: "rotateSecret",
  summary: "Give a webhook endpoint a new secret",
  description:
    "`secret` is shown only in this answer. " +
    "The older secrets sign beside it until `overlapUntil`, or until their own end if that is sooner.",
  security: SECURITY,
  request: { params, body: { ...requestBody("RotateSecretRequest"), required: false } },
  responses: {
    ...QUOTA_REFUSALS,
    ...BODY_REFUSALS,
    200: json(ANSWERS.RotatedEndpoint, "Rotated: every later attempt is signed with the new secret, too."),
    404: problem("not-found"),
    409: problem("too-many-secrets"),
  },
});

const testRoute = createRoute({
  method: "post",
  path: "/v1/endpoints/{endpointId}/test",
  operationId: "testEndpoint",
  summary: "Send a webhook endpoint a test event",
  description: "An `endpoint.test`, signed, guarded and retried as any event. `Location` names the delivery.",
  security: SECURITY,
  request: { params },
  responses: {
    ...QUOTA_REFUSALS,
    202: {
      ...json(ANSWERS.Delivery, "The delivery, before its first attempt."),
      headers: headers({ Location: "Where to read the delivery." }),
    },
    404: problem("not-found"),
    409: problem("endpoint-disabled"),
  },
});
