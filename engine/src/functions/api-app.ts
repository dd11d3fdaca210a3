import { randomUUID } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { getPath } from "hono/utils/url";
import { addOwnerRoutes, type OwnerPorts } from "../erasure/routes.ts";
import { addFileRoutes, type FileRoutePorts } from "../files/routes.ts";
import type { ApiEnv } from "../http/api-env.ts";
import { authenticate } from "../http/authenticate.ts";
import { requestLimits } from "../http/limit-requests.ts";
import { type ProblemAnswer, ProblemError, problemResponse } from "../http/problems.ts";
import { addJobRoutes, type JobRoutePorts } from "../jobs/routes/job-routes.ts";
import { addSubmitRoute, type SubmitRoutePorts } from "../jobs/routes/submit-route.ts";
import { UnavailableError } from "../kit/deadline.ts";
import { groupBy } from "../kit/group-by.ts";
import { queryIssues, summary } from "../kit/issues.ts";
import type { Log } from "../kit/ports.ts";
import { type Refusal, RefusedError } from "../kit/refusal.ts";
import { addDeliveryRoutes, type DeliveryRoutePorts } from "../webhooks/routes/delivery-routes.ts";
import { addEndpointActionRoutes, type EndpointActionPorts } from "../webhooks/routes/endpoint-action-routes.ts";
import { addEndpointRoutes, type EndpointRoutePorts } from "../webhooks/routes/endpoint-routes.ts";
import { addRecoveryRoutes, type RecoveryRoutePorts } from "../webhooks/routes/recovery-routes.ts";
import { addWebhookSecretRoutes, type WebhookSecretPorts } from "../webhooks/routes/webhook-secret-routes.ts";
import { addServiceRoutes, type ServicePorts } from "./service-routes.ts";

/** The ports of the HTTP API: those of its routes, its limits and its authentication. */
export type ApiPorts = SubmitRoutePorts &
  JobRoutePorts &
  FileRoutePorts &
  OwnerPorts &
  WebhookSecretPorts &
  EndpointRoutePorts &
  EndpointActionPorts &
  RecoveryRoutePorts &
  DeliveryRoutePorts &
  ServicePorts &
  Parameters<typeof requestLimits>[0] &
  Parameters<typeof authenticate>[0] & { log: Log };

/** Creates the HTTP API, with every route of the service, over the given ports. Answers each request; never rejects. */
export function createApi(ports: ApiPorts): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    getPath: (request) => withoutFunctionName(getPath(request)),
    defaultHook: (result) => {
      if (result.success) return;
      const errors = queryIssues(result.error.issues);
      throw new ProblemError({ code: "invalid-request", detail: summary(errors), errors });
    },
  });
  app.use(commonHeaders);
  // Tokens travel in a header and never in a cookie, so no other origin gains anything it could not do without a browser.
  app.use(
    cors({
      origin: "*",
      allowMethods: ["GET", "POST", "PATCH", "DELETE"],
      exposeHeaders: EXPOSED_HEADERS,
      maxAge: 3600,
    }),
  );
  const limits = requestLimits(ports);
  app.use("/v1/*", authenticate(ports, limits));
  app.use(async (c, next) => {
    if (!c.get("principal")) limits.ofNetwork(c);
    await next();
  });
  addSubmitRoute(app, ports, limits);
  addJobRoutes(app, ports);
  addFileRoutes(app, ports);
  addOwnerRoutes(app, ports);
  addWebhookSecretRoutes(app, ports);
  addEndpointRoutes(app, ports);
  addEndpointActionRoutes(app, ports);
  addRecoveryRoutes(app, ports);
  addDeliveryRoutes(app, ports);
  addServiceRoutes(app, ports);
  refuseOtherMethods(app);
  app.notFound((c) => problemResponse(NO_ROUTE, c.get("requestId")));
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    return problemResponse(explain(ports, error, requestId), requestId);
  });
  return app;
}

/** Path of the function where its host is shared with others. */
const NAME = "/baton-api";

/**
 * Removes the function's name from a path: where a host is shared, the function is found at `.../baton-api`. Addresses in
 * answers are relative to the address of the request (RFC 9110, 10.2.2), so they stay below it.
 */
function withoutFunctionName(path: string): string {
  return path.startsWith(`${NAME}/`) ? path.slice(NAME.length) : path;
}

/** Headers that scripts of other origins may read, besides those that browsers always show. */
const EXPOSED_HEADERS = [
  "Idempotent-Replayed",
  "Location",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "WWW-Authenticate",
  "X-Request-Id",
];

const NO_ROUTE: Refusal = {
  code: "not-found",
  detail: "There is nothing at this path. See openapi.json, at the API's own address, for what there is.",
};

const commonHeaders: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const given = c.req.header("x-request-id");
  const requestId = given && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
  c.set("requestId", requestId);
  await next();
  c.header("x-request-id", requestId);
  c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
};

function explain(ports: Pick<ApiPorts, "log">, error: Error, requestId: string): ProblemAnswer {
  if (error instanceof RefusedError) return error.refusal;
  if (error instanceof UnavailableError) {
    ports.log.error(error.message, { event: "request.unavailable", requestId, error: error.cause });
    const detail =
      "A service behind this API did not answer. A change you asked for may have happened: look before you ask again.";
    return { code: "unavailable", detail, retryAfterSeconds: 5 };
  }
  ports.log.error("A request failed.", { event: "request.failed", requestId, error });
  return { code: "internal", detail: "This is our fault, not yours. Tell the operator the requestId." };
}

/** Answers other methods of a path with 405 and the methods that the path has. */
function refuseOtherMethods(app: OpenAPIHono<ApiEnv>): void {
  const byPath = groupBy(
    app.routes.filter((route) => route.method !== "ALL"),
    (route) => route.path,
  );
  for (const [path, routes] of byPath) {
    const methods = new Set(routes.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])));
    const allow = [...methods].join(", ");
    app.all(path, () => {
      throw new ProblemError({ code: "method-not-allowed", detail: `Use one of: ${allow}.`, headers: { allow } });
    });
  }
}
