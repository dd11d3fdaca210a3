import { z } from "zod";
import { WebhookEventType } from "./events.ts";

/** Ids of endpoints and recoveries: 20 letters or digits, random. */
export const EndpointId = z.string().regex(/^[A-Za-z0-9]{20}$/, "an id is 20 letters or digits");

/** How webhooks are signed: `v1` with a secret that both sides know (HMAC-SHA256), `v1a` with a key pair (ed25519). */
export const SignatureScheme = z.enum(["v1", "v1a"]);
export type SignatureScheme = z.infer<typeof SignatureScheme>;

const Url = z.string().max(2048);
const Description = z.string().max(500);
const Events = z.array(WebhookEventType).max(50);
const Types = z.array(z.string().min(1).max(100)).max(50);
/**
 * The one home of the limits of custom headers. All names and values together have 6,000 characters at most: many
 * servers refuse requests whose headers pass 8 KiB. The API also checks which names and which characters may be sent.
 */
const CustomHeaders = z
  .record(z.string().min(1).max(64), z.string().max(1000))
  .refine((headers) => Object.keys(headers).length <= 20, "at most 20 headers")
  .refine(
    (headers) => Object.entries(headers).flat().join("").length <= 6000,
    "at most 6,000 characters, names and values together",
  );
const PerSecond = z.number().min(0.1).max(1000);

/** Body of `POST /v1/endpoints`. Unknown fields are refused, so that a misspelt option is not ignored. */
export const CreateEndpointRequest = z.strictObject({
  /** Where signed webhooks are sent. */
  url: Url,
  /** Event types to send; all of them when absent or empty. `endpoint.test` is always sent. */
  events: Events.optional(),
  /** Job types whose events to send; all of them when absent or empty. */
  types: Types.optional(),
  /** Sent with every webhook, e.g. `{"authorization": "Bearer ..."}`. The values are never shown again. */
  headers: CustomHeaders.optional(),
  description: Description.optional(),
  /** Requests in a second, at most; no limit when absent. */
  rateLimit: PerSecond.optional(),
  scheme: SignatureScheme.optional(),
});
export type CreateEndpointRequest = z.infer<typeof CreateEndpointRequest>;

/**
 * Body of `PATCH /v1/endpoints/{endpointId}`: absent fields stay, null clears a field, `headers` replaces all of them.
 */
export const ChangeEndpointRequest = z
  .strictObject({
    url: Url.optional(),
    events: Events.nullish(),
    types: Types.nullish(),
    headers: CustomHeaders.nullish(),
    description: Description.nullish(),
    rateLimit: PerSecond.nullish(),
  })
  .refine((change) => Object.keys(change).length > 0, "names nothing to change");
export type ChangeEndpointRequest = z.infer<typeof ChangeEndpointRequest>;

/** Body of `POST /v1/endpoints/{endpointId}/rotate` and of `POST /v1/webhook-secret/rotate`; it may be left out. */
export const RotateSecretRequest = z.strictObject({
  /** How long the older secrets sign beside the new one: 0 to 604,800 (7 days). */
  overlapSeconds: z.int().min(0).max(604_800).default(86_400),
});
export type RotateSecretRequest = z.infer<typeof RotateSecretRequest>;

/** Body of `POST /v1/endpoints/{endpointId}/recover`. */
export const RecoverEndpointRequest = z.strictObject({
  /** Deliveries created from this instant on. */
  since: z.iso.datetime({ offset: true }),
  /** Up to this instant; until now when absent. */
  until: z.iso.datetime({ offset: true }).optional(),
});
export type RecoverEndpointRequest = z.infer<typeof RecoverEndpointRequest>;

/** The health of an endpoint. */
export const EndpointHealthView = z.object({
  /** Failed attempts since the last success. */
  failures: z.int().min(0),
  /** When the first of these failures ended. */
  failingSince: z.iso.datetime().optional(),
  /** No attempt is made before this instant. */
  pausedUntil: z.iso.datetime().optional(),
  /** Why: `breaker` after repeated failures, `throttled` because the endpoint asked for time. */
  pausedBy: z.enum(["breaker", "throttled"]).optional(),
});
export type EndpointHealthView = z.infer<typeof EndpointHealthView>;

/** An endpoint as its owner sees it. Secrets and the values of custom headers are never in it. */
export const EndpointView = z.object({
  endpointId: z.string(),
  url: z.string(),
  description: z.string(),
  /** Empty: all. */
  events: z.array(WebhookEventType),
  /** Empty: all. */
  types: z.array(z.string()),
  /** Names of the custom headers, lower case. */
  headerNames: z.array(z.string()),
  rateLimit: z.number().optional(),
  scheme: SignatureScheme,
  /** `v1a` only: the keys that verify, `whpk_` + base64, newest first. */
  publicKeys: z.array(z.string()).optional(),
  /**
   * Present on a disabled endpoint, to which nothing is sent: its owner disabled it, it answered 410 (`gone`), or all
   * attempts failed for five days.
   */
  disabled: z.object({ reason: z.enum(["owner", "gone", "failing"]), at: z.iso.datetime() }).optional(),
  health: EndpointHealthView,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type EndpointView = z.infer<typeof EndpointView>;

/** Answer of `POST /v1/endpoints`. */
export const CreatedEndpoint = EndpointView.extend({
  /** `whsec_` + base64, shown this once; absent on a `v1a` endpoint, whose `publicKeys` verify. */
  secret: z.string().optional(),
});
export type CreatedEndpoint = z.infer<typeof CreatedEndpoint>;

/** Answer of `POST /v1/endpoints/{endpointId}/rotate`: with the new secret, shown this once. */
export const RotatedEndpoint = CreatedEndpoint.extend({
  /** Until this instant the older secrets sign, too. */
  overlapUntil: z.iso.datetime(),
});
export type RotatedEndpoint = z.infer<typeof RotatedEndpoint>;

/** Answer of `GET /v1/endpoints`: all endpoints of the caller, the oldest first. */
export const EndpointList = z.object({ endpoints: z.array(EndpointView) });
export type EndpointList = z.infer<typeof EndpointList>;

/** A recovery: the missed deliveries of an endpoint are sent again. */
export const RecoveryView = z.object({
  recoveryId: z.string(),
  endpointId: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  state: z.enum(["running", "complete"]),
  /** Deliveries checked so far, and those of them that are sent again. */
  seen: z.int().min(0),
  resent: z.int().min(0),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type RecoveryView = z.infer<typeof RecoveryView>;

/** Answer of `GET /v1/endpoints/{endpointId}/recoveries`: newest first, at most 20. */
export const RecoveryList = z.object({ recoveries: z.array(RecoveryView) });
export type RecoveryList = z.infer<typeof RecoveryList>;
