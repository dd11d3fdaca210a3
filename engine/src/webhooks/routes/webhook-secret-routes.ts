import { RotateSecretRequest } from "@baton/protocol";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { limitRate } from "../../accounts/limit-rate.ts";
import type { ApiEnv } from "../../http/api-env.ts";
import { parseBody, readOptionalJson } from "../../http/json-body.ts";
import {
  ANSWERS,
  BODY_REFUSALS,
  json,
  problem,
  QUOTA_REFUSALS,
  REFUSALS,
  requestBody,
  SECURITY,
} from "../../http/openapi.ts";
import type { Clock, Ids } from "../../kit/ports.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import type { OwnerSecrets } from "../rules/owner-secrets.ts";

/** The ports of these routes. */
export type WebhookSecretPorts = {
  clock: Clock;
  ids: Pick<Ids, "documentId">;
  /** Absent where the deployment has no master secret: then no webhook of a job is signed or sent. */
  ownerSecrets?: OwnerSecrets;
} & Parameters<typeof limitRate>[0];

/** Adds the routes to read and rotate the secret that signs for the `webhookUrl`s of the caller's jobs. */
export function addWebhookSecretRoutes(app: OpenAPIHono<ApiEnv>, ports: WebhookSecretPorts): void {
  app.openapi(readRoute, async (c) => {
    const { newest } = await secretsOf(ports).read(c.get("principal").uid, ports.clock.now());
    return c.json({ secret: newest }, 200);
  });

  app.openapi(rotateRoute, async (c) => {
    const { overlapSeconds } = parseBody(RotateSecretRequest, await readOptionalJson(c.req.raw));
    const secrets = secretsOf(ports);
    const caller = c.get("principal");
    await limitRate(ports, caller, "changes");
    const now = ports.clock.now();
    const overlapUntil = new Date(now.getTime() + overlapSeconds * 1000);
    const answer = await secrets.rotate(caller.uid, ports.ids.documentId(), overlapUntil, now);
    if (answer.outcome === "too-many") throw new RefusedError(TOO_MANY_SECRETS);
    return c.json({ secret: answer.secret, overlapUntil: overlapUntil.toISOString() }, 200);
  });
}

function secretsOf({ ownerSecrets }: WebhookSecretPorts): OwnerSecrets {
  if (!ownerSecrets) throw new RefusedError(NO_MASTER_SECRET);
  return ownerSecrets;
}

const NO_MASTER_SECRET: Refusal = {
  code: "unavailable",
  detail:
    "This deployment signs no webhooks of jobs. " +
    "Ask its operator to set the secret WEBHOOK_MASTER_SECRET and to deploy again, " +
    "or create an endpoint: POST /v1/endpoints.",
};

const TOO_MANY_SECRETS: Refusal = {
  code: "too-many-secrets",
  detail:
    "You have ten live webhook secrets, which is the limit. Wait until the overlap of one has passed, " +
    "or rotate with overlapSeconds: 0, which ends them all at once.",
};

const readRoute = createRoute({
  method: "get",
  path: "/v1/webhook-secret",
  operationId: "readWebhookSecret",
  summary: "Read the secret that signs the webhooks of own jobs",
  security: SECURITY,
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.WebhookSecret, "The newest secret, in the form Standard Webhooks libraries take."),
  },
});

const rotateRoute = createRoute({
  method: "post",
  path: "/v1/webhook-secret/rotate",
  operationId: "rotateWebhookSecret",
  summary: "Replace the secret that signs the webhooks of own jobs",
  description:
    "The older secrets sign beside it until `overlapUntil`, or until their own end if that is sooner. " +
    "A replaced secret never comes back, not even after `DELETE /v1/data`.",
  security: SECURITY,
  request: { body: { ...requestBody("RotateSecretRequest"), required: false } },
  responses: {
    ...QUOTA_REFUSALS,
    ...BODY_REFUSALS,
    200: json(ANSWERS.RotatedWebhookSecret, "Rotated: every later attempt is signed with the new secret, too."),
    409: problem("too-many-secrets"),
  },
});
