import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { SignatureScheme } from "../rules/endpoint.ts";

/** A fresh key: `secret` as endpoints keep it, `publicKey` (`whpk_` + base64) for `v1a` only. */
export interface WebhookKey {
  secret: string;
  publicKey?: string;
}

/** Standard Webhooks 1.0.0 asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;
const SEED_BYTES = 32;
const PRIVATE_PREFIX = "whsk_";
const PRIVATE_BYTES = 64;

/**
 * A fresh webhook key from the platform's cryptographic randomness: `v1`, `whsec_` + base64 of 32 bytes; `v1a`, an ed25519 key as
 * `whsk_` + base64 of its seed and its public key, 64 bytes together.
 */
export function newWebhookKey(scheme: SignatureScheme): WebhookKey {
  if (scheme === "v1") return { secret: `whsec_${randomBytes(SECRET_BYTES).toString("base64")}` };
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const bytes = Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]);
  const secret = `${PRIVATE_PREFIX}${bytes.toString("base64")}`;
  const publicKey = publicKeyOf(secret);
  return { secret, ...(publicKey !== undefined && { publicKey }) };
}

/** The public key of a `whsk_` secret, `whpk_` + base64 of 32 bytes; undefined for anything else. */
export function publicKeyOf(secret: string): string | undefined {
  if (!secret.startsWith(PRIVATE_PREFIX)) return undefined;
  const bytes = Buffer.from(secret.slice(PRIVATE_PREFIX.length), "base64");
  if (bytes.length !== PRIVATE_BYTES) return undefined;
  return `whpk_${bytes.subarray(SEED_BYTES).toString("base64")}`;
}
