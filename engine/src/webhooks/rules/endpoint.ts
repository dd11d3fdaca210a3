import type { WebhookEventType } from "@baton/protocol";
import type { EndpointHealth } from "./health.ts";

/** The endpoint id of a job's own `webhookUrl`; endpoints that have a document have random ids. */
export const JOB_ENDPOINT = "job";

/**
 * Why an endpoint is disabled: its owner wanted it, it answered 410, or all attempts failed in five days of attempts.
 */
export type DisabledReason = "owner" | "gone" | "failing";

/** How an endpoint's webhooks are signed: HMAC-SHA256 with a shared secret, or ed25519 with a key of ours. */
export type SignatureScheme = "v1" | "v1a";

/** A subscriber's webhook URL: the document `endpoints/{endpointId}`, which its owner may read. */
export interface Endpoint {
  /** 20 random letters and digits. */
  endpointId: string;
  owner: string;
  url: string;
  /** At most 500 characters; empty when none was given. */
  description: string;
  /** Event types it wants; empty: all, but for `endpoint.test`, which always comes. */
  events: WebhookEventType[];
  /** Job types it wants; empty: all. */
  types: string[];
  /** Names of the custom headers, lower case, sorted. Their values are sealed, beside the secrets. */
  headerNames: string[];
  /** Attempts in a second, at most; absent: as fast as they come. */
  rateLimit?: number;
  scheme: SignatureScheme;
  /** `v1a` only: those of the secrets that were live at the last rotation, newest first. */
  publicKeys: PublicKey[];
  /** Absent while enabled. */
  disabled?: { reason: DisabledReason; at: Date };
  health: EndpointHealth;
  createdAt: Date;
  updatedAt: Date;
}

/** What verifies a `v1a` signature: `whpk_` + base64. */
export interface PublicKey {
  key: string;
  /** When its secret stops signing; absent on the newest. */
  expireAt?: Date;
}

/**
 * A live secret: `whsec_` + base64 of 24 to 64 bytes, or `whsk_` + base64 of an ed25519 private key (64 bytes: seed,
 * public key).
 */
export interface EndpointSecret {
  secretId: string;
  secret: string;
  createdAt: Date;
  /** When it stops signing; absent on the newest. */
  expireAt?: Date;
}

/** What sending to an endpoint needs besides the endpoint: its live secrets, newest first, and its custom headers. */
export interface EndpointKeys {
  secrets: string[];
  headers: Record<string, string>;
}
