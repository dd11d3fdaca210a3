import { RecoverEndpointRequest } from "@baton/protocol";
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
import { ProblemError } from "../../http/problems.ts";
import { RefusedError } from "../../kit/refusal.ts";
import { ownEndpoint, ownRecovery } from "../endpoints/read-endpoint.ts";
import { recoverEndpoint } from "../endpoints/recover-endpoint.ts";
import type { RecoveryStore } from "../ports.ts";
import type { Recovery } from "../rules/recovery.ts";
import { recoveryView } from "./endpoint-views.ts";

/** The ports of these routes. */
export type RecoveryRoutePorts = {
  recoveries: Pick<RecoveryStore, "listOf">;
} & Parameters<typeof ownEndpoint>[0] &
  Parameters<typeof ownRecovery>[0] &
  Parameters<typeof recoverEndpoint>[0];

/** Adds the routes to begin, list and read recoveries of an endpoint. */
export function addRecoveryRoutes(app: OpenAPIHono<ApiEnv>, ports: RecoveryRoutePorts): void {
  app.openapi(recoverRoute, async (c) => {
    const request = parseBody(RecoverEndpointRequest, await readJson(c.req.raw));
    const begun = await recoverEndpoint(ports, c.get("principal"), c.req.param("endpointId"), request);
    if (begun.outcome === "refused") throw new RefusedError(begun.refusal);
    if (begun.outcome === "running") throw alreadyRunning(begun.recovery);
    c.header("location", `recoveries/${begun.recovery.recoveryId}`);
    return c.json(recoveryView(begun.recovery), 202);
  });

  app.openapi(listRoute, async (c) => {
    const { endpointId } = await ownEndpoint(ports, c.get("principal"), c.req.param("endpointId"));
    const recoveries = await ports.recoveries.listOf(endpointId);
    return c.json({ recoveries: recoveries.map(recoveryView) }, 200);
  });

  app.openapi(readRoute, async (c) => {
    const { endpointId, recoveryId } = c.req.param();
    return c.json(recoveryView(await ownRecovery(ports, c.get("principal"), endpointId, recoveryId)), 200);
  });
}

function alreadyRunning({ recoveryId }: Recovery): ProblemError {
  const detail =
    `Recovery ${recoveryId} of this endpoint is under way. Follow it at the address in the header Location, ` +
    "and ask again once it is complete.";
  return new ProblemError({ code: "recovery-running", detail, headers: { location: `recoveries/${recoveryId}` } });
}

const params = z.object({ endpointId: z.string() });

const recoverRoute = createRoute({
  method: "post",
  path: "/v1/endpoints/{endpointId}/recover",
  operationId: "recoverEndpoint",
  summary: "Recover the missed deliveries of a webhook endpoint",
  description:
    "Sends its deliveries from `since` to `until` again that failed, were held or were cancelled, the oldest first, " +
    "at the endpoint's rate limit or 5 a second. An endpoint has one recovery at a time.",
  security: SECURITY,
  request: { params, body: requestBody("RecoverEndpointRequest") },
  responses: {
    ...QUOTA_REFUSALS,
    ...BODY_REFUSALS,
    202: {
      ...json(ANSWERS.Recovery, "Begun."),
      headers: headers({ Location: "Where to read its progress." }),
    },
    404: problem("not-found"),
    409: problem("endpoint-disabled", "recovery-running"),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/endpoints/{endpointId}/recoveries",
  operationId: "listRecoveries",
  summary: "List the recoveries of a webhook endpoint, newest first",
  security: SECURITY,
  request: { params },
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.RecoveryList, "The last 20."),
    404: problem("not-found"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/endpoints/{endpointId}/recoveries/{recoveryId}",
  operationId: "readRecovery",
  summary: "Read the progress of a recovery",
  security: SECURITY,
  request: { params: params.extend({ recoveryId: z.string() }) },
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.Recovery, "The recovery."),
    404: problem("not-found"),
  },
});
