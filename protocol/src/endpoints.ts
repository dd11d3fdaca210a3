import { z } from "zod";
import { WebhookEventType } from "./events.ts";

/** Id of an endpoint or a recovery: 20 random letters and digits. */
export const EndpointId = z.string().regex(/^[A-Za-z0-9]{20}$/, "an id is 20 letters or digits");

/** Signature scheme of webhooks: `v1` with a shared secret (HMAC-SHA256), `v1a` with a key pair (ed25519). */
export const SignatureScheme = z.enum(["v1", "v1a"]);
export type SignatureScheme = z.infer<typeof SignatureScheme>;

const Url = z.string().max(2048);
const Description = z.string().max(500);
const Events = z.array(WebhookEventType).max(50);
const Types = z.array(z.string().min(1).max(100)).max(50);
/** Custom headers. The API checks apart which names are allowed. */
const CustomHeaders = z
  .record(z.string().min(1).max(100), z.string().max(1000))
  .refine((headers) => Object.keys(headers).length <= 20, "at most 20 headers");
const PerSecond = z.number().min(0.1).max(1000);

/** Body of `POST /v1/endpoints`. Unknown fields are refused, so that a misspelt option is not ignored. */
export const CreateEndpointRequest = z.strictObject({
  /** Address that signed webhooks are sent to. */
  url: Url,
  /** Event types that are sent; all of them when absent or empty. `endpoint.test` is always sent. */
  events: Events.optional(),
  /** Job types whose events are sent; all of them when absent or empty. */
  types: Types.optional(),
  /** Headers sent with every webhook, e.g. `{"authorization": "Bearer ..."}`. The API never shows the values. */
  headers: CustomHeaders.optional(),
  description: Description.optional(),
  /** Most requests per second; unlimited when absent. */
  rateLimit: PerSecond.optional(),
  scheme: SignatureScheme.optional(),
});
export type CreateEndpointRequest = z.infer<typeof CreateEndpointRequest>;

/**
 * Body of `PATCH /v1/endpoints/{endpointId}`: absent fields stay, null clears a field, and `headers` replaces all
 * headers.
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

/** Optional body of `POST /v1/endpoints/{endpointId}/rotate` and `POST /v1/webhook-secret/rotate`. */
export const RotateSecretRequest = z.strictObject({
  /** Time for which earlier secrets sign beside the new one: 0 to 604,800 (7 days). */
  overlapSeconds: z.int().min(0).max(604_800).default(86_400),
});
export type RotateSecretRequest = z.infer<typeof RotateSecretRequest>;

/** Body of `POST /v1/endpoints/{endpointId}/recover`. */
export const RecoverEndpointRequest = z.strictObject({
  /** Sends deliveries again that were created at this instant or later. */
  since: z.iso.datetime({ offset: true }),
  /** Sends deliveries again that were created up to this instant; up to now when absent. */
  until: z.iso.datetime({ offset: true }).optional(),
});
export type RecoverEndpointRequest = z.infer<typeof RecoverEndpointRequest>;

/** Health of an endpoint. */
export const EndpointHealthView = z.object({
  /** Number of failed attempts since the last success. */
  failures: z.int().min(0),
  /** Instant of the first of these failures. */
  failingSince: z.iso.datetime().optional(),
  /** No attempt is made before this instant. */
  pausedUntil: z.iso.datetime().optional(),
  /** Reason of the pause: `breaker` after repeated failures, `throttled` when the endpoint asked for it. */
  pausedBy: z.enum(["breaker", "throttled"]).optional(),
});
export type EndpointHealthView = z.infer<typeof EndpointHealthView>;

/** An endpoint, without secrets and without the values of custom headers. */
export const EndpointView = z.object({
  endpointId: z.string(),
  url: z.string(),
  description: z.string(),
  /** Event types that are sent; empty for all. */
  events: z.array(WebhookEventType),
  /** Job types whose events are sent; empty for all. */
  types: z.array(z.string()),
  /** Names of the custom headers, in lower case. */
  headerNames: z.array(z.string()),
  rateLimit: z.number().optional(),
  scheme: SignatureScheme,
  /** Public keys of a `v1a` endpoint, `whpk_` + base64, newest first. */
  publicKeys: z.array(z.string()).optional(),
  /**
   * Present on a disabled endpoint: by its owner, by an answer 410 (`gone`), or after five days of failed attempts
   * (`failing`).
   */
  disabled: z.object({ reason: z.enum(["owner", "gone", "failing"]), at: z.iso.datetime() }).optional(),
  health: EndpointHealthView,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type EndpointView = z.infer<typeof EndpointView>;

/** Answer of `POST /v1/endpoints`. */
export const CreatedEndpoint = EndpointView.extend({
  /** The secret, `whsec_` + base64, shown this once. A `v1a` endpoint has `publicKeys` instead. */
  secret: z.string().optional(),
});
export type CreatedEndpoint = z.infer<typeof CreatedEndpoint>;

/** Answer of `POST /v1/endpoints/{endpointId}/rotate`: the endpoint with its new secret, shown this once. */
export const RotatedEndpoint = CreatedEndpoint.extend({
  /** Earlier secrets also sign until this instant. */
  overlapUntil: z.iso.datetime(),
});
export type RotatedEndpoint = z.infer<typeof RotatedEndpoint>;

/** Answer of `GET /v1/endpoints`: every endpoint of the caller, oldest first. */
export const EndpointList = z.object({ endpoints: z.array(EndpointView) });
export type EndpointList = z.infer<typeof EndpointList>;

/** A recovery: the deliveries that an endpoint missed are sent again. */
export const RecoveryView = z.object({
  recoveryId: z.string(),
  endpointId: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  state: z.enum(["running", "done"]),
  /** Number of deliveries that were looked at so far. */
  seen: z.int().min(0),
  /** Number of those that are sent again. */
  resent: z.int().min(0),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type RecoveryView = z.infer<typeof RecoveryView>;

/** Answer of `GET /v1/endpoints/{endpointId}/recoveries`: newest first, at most 20. */
export const RecoveryList = z.object({ recoveries: z.array(RecoveryView) });
export type RecoveryList = z.infer<typeof RecoveryList>;
