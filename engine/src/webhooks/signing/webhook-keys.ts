import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { SignatureScheme } from "../rules/endpoint.ts";
import { formatPrivateKey, parsePrivateKey } from "./private-key.ts";

/** A fresh key: `secret` as endpoints store it, `publicKey` (`whpk_` + base64) for `v1a` only. */
export interface WebhookKey {
  secret: string;
  publicKey?: string;
}

/** Standard Webhooks 1.0.0 asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

/**
 * Makes a webhook key from the platform's cryptographic randomness. `v1`: `whsec_` + base64 of 32 bytes. `v1a`: an
 * ed25519 key in the format of `formatPrivateKey`, with its public key.
 */
export function newWebhookKey(scheme: SignatureScheme): WebhookKey {
  if (scheme === "v1") return { secret: `whsec_${randomBytes(SECRET_BYTES).toString("base64")}` };
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url");
  const secret = formatPrivateKey({ seed: Buffer.from(d, "base64url"), publicKey });
  return { secret, publicKey: formatPublicKey(publicKey) };
}

/** Derives the public key of a `v1a` secret: `whpk_` + base64 of 32 bytes. Undefined for any other secret. */
export function publicKeyOf(secret: string): string | undefined {
  const keyPair = parsePrivateKey(secret);
  return keyPair && formatPublicKey(keyPair.publicKey);
}

function formatPublicKey(publicKey: Buffer): string {
  return `whpk_${publicKey.toString("base64")}`;
}
