import { ListDeliveriesQuery } from "@baton/protocol";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiEnv } from "../../http/api-env.ts";
import { ANSWERS, json, problem, QUOTA_REFUSALS, REFUSALS, SECURITY } from "../../http/openapi.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import { ownDelivery } from "../endpoints/read-endpoint.ts";
import { resendDelivery } from "../endpoints/resend-delivery.ts";
import type { DeliveryStore } from "../ports.ts";
import { deliveryDetails, deliveryView } from "./endpoint-views.ts";

/** The ports of these routes. */
export type DeliveryRoutePorts = {
  deliveries: Pick<DeliveryStore, "list" | "listAttempts">;
} & Parameters<typeof ownDelivery>[0] &
  Parameters<typeof resendDelivery>[0];

/** Adds the routes to list, read and resend deliveries. Only the owner may use them, as with endpoints. */
export function addDeliveryRoutes(app: OpenAPIHono<ApiEnv>, ports: DeliveryRoutePorts): void {
  app.openapi(listRoute, async (c) => {
    const { endpointId, jobId, state, limit, cursor } = c.req.valid("query");
    const filter = {
      owner: c.get("principal").uid,
      limit,
      ...(endpointId !== undefined && { endpointId }),
      ...(jobId !== undefined && { jobId }),
      ...(state && { state }),
      ...(cursor !== undefined && { cursor }),
    };
    const page = await ports.deliveries.list(filter);
    if (page === "bad-cursor") throw new RefusedError(BAD_CURSOR);
    const { deliveries, nextCursor } = page;
    return c.json({ deliveries: deliveries.map(deliveryView), ...(nextCursor !== undefined && { nextCursor }) }, 200);
  });

  app.openapi(readRoute, async (c) => {
    const delivery = await ownDelivery(ports, c.get("principal"), c.req.param("deliveryId"));
    const attempts = await ports.deliveries.listAttempts(delivery.deliveryId);
    return c.json(deliveryDetails(delivery, attempts), 200);
  });

  app.openapi(resendRoute, async (c) => {
    const sent = await resendDelivery(ports, c.get("principal"), c.req.param("deliveryId"));
    if (sent.outcome === "refused") throw new RefusedError(sent.refusal);
    return c.json(deliveryView(sent.delivery), 202);
  });
}

const BAD_CURSOR: Refusal = {
  code: "invalid-request",
  detail: "This list did not give the cursor. Leave it out to start at the newest delivery.",
  errors: [{ pointer: "?cursor", message: "is not a cursor of this list" }],
};

const params = z.object({ deliveryId: z.string() });

const listRoute = createRoute({
  method: "get",
  path: "/v1/deliveries",
  operationId: "listDeliveries",
  summary: "List own webhook deliveries, newest first",
  security: SECURITY,
  request: { query: ListDeliveriesQuery },
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.DeliveryList, "One page."),
    400: problem("invalid-request"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/deliveries/{deliveryId}",
  operationId: "readDelivery",
  summary: "Read one webhook delivery with its attempts",
  security: SECURITY,
  request: { params },
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.DeliveryDetails, "The delivery; signatures and the values of custom headers are masked."),
    404: problem("not-found"),
  },
});

const resendRoute = createRoute({
  method: "post",
  path: "/v1/deliveries/{deliveryId}/resend",
  operationId: "resendDelivery",
  summary: "Send a webhook delivery once more",
  description: "At once, with a new schedule and the same `webhook-id`, in any state: a delivery that succeeded, too.",
  security: SECURITY,
  request: { params },
  responses: {
    ...QUOTA_REFUSALS,
    202: json(ANSWERS.Delivery, "The delivery, about to be attempted."),
    404: problem("not-found"),
    409: problem("delivery-busy", "endpoint-disabled", "endpoint-gone"),
  },
});
