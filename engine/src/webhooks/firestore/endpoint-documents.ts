import { WebhookEventType } from "@baton/protocol";
import { z } from "zod";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { type Fields, fromFields, toFields } from "../../platform/firestore/documents.ts";
import type { Endpoint, EndpointSecret } from "../rules/endpoint.ts";
import type { Sealed, SecretBox } from "../signing/ports.ts";
import { publicKeyOf } from "../signing/webhook-keys.ts";

const Health = z.object({
  failures: z.int(),
  failingSince: z.date().exactOptional(),
  failedMs: z.number().exactOptional(),
  lastFailedAt: z.date().exactOptional(),
  alertedPercent: z.number(),
  pausedUntil: z.date().exactOptional(),
  pausedBy: z.enum(["breaker", "throttled"]).exactOptional(),
});

const StoredEndpoint: z.ZodType<Endpoint> = z.object({
  endpointId: z.string(),
  owner: z.string(),
  url: z.string(),
  description: z.string(),
  events: z.array(WebhookEventType),
  types: z.array(z.string()),
  headerNames: z.array(z.string()),
  rateLimit: z.number().exactOptional(),
  scheme: z.enum(["v1", "v1a"]),
  publicKeys: z.array(z.object({ key: z.string(), expireAt: z.date().exactOptional() })),
  disabled: z.object({ reason: z.enum(["owner", "gone", "failing"]), at: z.date() }).exactOptional(),
  health: Health,
  createdAt: z.date(),
  updatedAt: z.date(),
});

const StoredBox: z.ZodType<Sealed> = z.object({ keyId: z.string(), nonce: z.string(), box: z.string() });

/** A secret as stored. `publicKey` is the key that subscribers to a `v1a` endpoint verify with. */
export interface StoredSecret {
  secretId: string;
  sealed: Sealed;
  publicKey?: string;
  createdAt: Date;
  /** When it stops signing; absent on the newest. */
  expireAt?: Date;
}

const StoredSecretFields: z.ZodType<StoredSecret> = z.object({
  secretId: z.string(),
  sealed: StoredBox,
  publicKey: z.string().exactOptional(),
  createdAt: z.date(),
  expireAt: z.date().exactOptional(),
});

const StoredHeaders = z.object({ sealed: StoredBox });
const Headers = z.record(z.string(), z.string());

/** The document id of the custom headers' values among an endpoint's secrets. */
export const HEADERS_ID = "headers";

/** Reads the fields of `batonEndpoints/{endpointId}`. Throws a ZodError for a damaged document. */
export function endpointFrom(fields: Fields): Endpoint {
  return StoredEndpoint.parse(fromFields(fields));
}

/** Writes the fields of `batonEndpoints/{endpointId}/batonSecrets/{secretId}`. */
export function secretFields(box: SecretBox, endpointId: string, { secret, ...rest }: EndpointSecret): Fields {
  const publicKey = publicKeyOf(secret);
  const stored: StoredSecret = {
    ...rest,
    sealed: box.seal(secret, contextOf(endpointId, rest.secretId)),
    ...(publicKey !== undefined && { publicKey }),
  };
  return toFields(stored);
}

/** Reads the fields of a secret, still sealed. */
export function secretFrom(fields: Fields): StoredSecret {
  return StoredSecretFields.parse(fromFields(fields));
}

/** Unseals a secret. Throws a `SecretBoxError` when it cannot. */
export function openSecret(box: SecretBox, endpointId: string, { secretId, sealed }: StoredSecret): string {
  return box.open(sealed, contextOf(endpointId, secretId));
}

/** Writes the fields of `batonEndpoints/{endpointId}/batonSecrets/headers`. */
export function headerFields(box: SecretBox, endpointId: string, headers: Record<string, string>): Fields {
  return { sealed: box.seal(JSON.stringify(headers), contextOf(endpointId, HEADERS_ID)) };
}

/** Unseals the custom headers in the fields of their document. Throws a `SecretBoxError` when it cannot. */
export function openHeaders(box: SecretBox, endpointId: string, fields: Fields): Record<string, string> {
  const { sealed } = StoredHeaders.parse(fields);
  return Headers.parse(JSON.parse(box.open(sealed, contextOf(endpointId, HEADERS_ID))));
}

/** Binds a box to its document: it cannot be opened in another one. */
function contextOf(endpointId: string, id: string): string {
  return `${COLLECTIONS.endpoints}/${endpointId}/${COLLECTIONS.secrets}/${id}`;
}
