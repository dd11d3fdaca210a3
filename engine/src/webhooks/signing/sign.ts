import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { isPrivateKey, parsePrivateKey } from "./private-key.ts";

/** The message of one attempt. `body` is signed and sent as this exact string. */
export interface Message {
  /** The `webhook-id`: the same on every attempt. */
  id: string;
  /** When this attempt is made; sent as a whole Unix second. */
  at: Date;
  body: string;
}

/** Limits of a shared secret (Standard Webhooks 1.0.0, "signature scheme"). */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/**
 * Makes the three headers of Standard Webhooks 1.0.0, with one signature over `id.timestamp.body` for each of
 * `secrets`, in their order. A `whsec_` secret gives `v1` (HMAC-SHA256), a `whsk_` one `v1a` (ed25519). Throws when
 * there is no secret, or one is neither or has fewer than 24 or more than 64 bytes. The error does not contain the
 * secret.
 */
export function signatureHeaders(secrets: readonly string[], message: Message): Record<string, string> {
  if (secrets.length === 0) throw new Error("a webhook is never sent unsigned: the endpoint has no live secret");
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const signatures = secrets.map((secret) =>
    isPrivateKey(secret)
      ? asymmetricSignature(secret, `${message.id}.${timestamp}.${message.body}`)
      : sharedSecret(secret).sign(message.id, message.at, message.body),
  );
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

/** Checks the length of the secret, because the npm package accepts even a single byte. */
function sharedSecret(secret: string): Webhook {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64").length;
  if (bytes < MIN_SECRET_BYTES || bytes > MAX_SECRET_BYTES) {
    throw new Error(`a whsec_ secret is 24 to 64 bytes in base64; this one is ${bytes}`);
  }
  return new Webhook(secret);
}

/** Signs by `v1a`, which the npm package `standardwebhooks` does not support. */
function asymmetricSignature(secret: string, content: string): string {
  return `v1a,${sign(null, Buffer.from(content), privateKey(secret)).toString("base64")}`;
}

function privateKey(secret: string): KeyObject {
  const keyPair = parsePrivateKey(secret);
  if (!keyPair) throw new Error("a whsk_ secret is 64 bytes in base64: seed and public key");
  const [d, x] = [keyPair.seed.toString("base64url"), keyPair.publicKey.toString("base64url")];
  const key = createPrivateKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", d, x } });
  // A signature by a seed of another public key could not be verified.
  if (createPublicKey(key).export({ format: "jwk" }).x !== x) throw new Error("a whsk_ secret's two halves differ");
  return key;
}
