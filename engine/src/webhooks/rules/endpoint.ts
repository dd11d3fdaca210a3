import type { WebhookEventType } from "@baton/protocol";
import type { EndpointHealth } from "./health.ts";

/** The endpoint id of a job's own `webhookUrl`, which has no document. Endpoints have random ids. */
export const JOB_ENDPOINT = "job";

/** Why an endpoint is disabled: its owner disabled it, it answered 410, or all attempts of five days failed. */
export type DisabledReason = "owner" | "gone" | "failing";

/** How webhooks are signed: `v1` by HMAC-SHA256 with a shared secret, `v1a` by ed25519 with a private key of ours. */
export type SignatureScheme = "v1" | "v1a";

/** A subscriber's webhook URL: the document `batonEndpoints/{endpointId}`, which its owner may read. */
export interface Endpoint {
  /** 20 random letters and digits. */
  endpointId: string;
  owner: string;
  url: string;
  /** At most 500 characters; empty when none was given. */
  description: string;
  /** Event types to send. Empty: all. `endpoint.test` is always sent. */
  events: WebhookEventType[];
  /** Job types whose events to send. Empty: all. */
  types: string[];
  /** Names of the custom headers, lower case, sorted. Their values are sealed, with the secrets. */
  headerNames: string[];
  /** Attempts in a second, at most. Absent: no limit. */
  rateLimit?: number;
  scheme: SignatureScheme;
  /** `v1a` only: the public keys of the secrets that were live at the last rotation, newest first. */
  publicKeys: PublicKey[];
  /** Absent while enabled. */
  disabled?: { reason: DisabledReason; at: Date };
  health: EndpointHealth;
  createdAt: Date;
  updatedAt: Date;
}

/** The key that verifies a `v1a` signature: `whpk_` + base64. */
export interface PublicKey {
  key: string;
  /** When its secret stops signing; absent on the newest. */
  expireAt?: Date;
}

/** A secret: `whsec_` + base64 of 24 to 64 bytes, or an ed25519 private key (`signing/private-key.ts`). */
export interface EndpointSecret {
  secretId: string;
  secret: string;
  createdAt: Date;
  /** When it stops signing; absent on the newest. */
  expireAt?: Date;
}

/** The secrets and custom headers that sending to an endpoint needs. Live secrets, newest first. */
export interface EndpointKeys {
  secrets: string[];
  headers: Record<string, string>;
}
