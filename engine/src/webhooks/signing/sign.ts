import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** What one attempt sends. `body` is signed and sent as this very string. */
export interface Message {
  /** The `webhook-id`: the same on every attempt. */
  id: string;
  /** When this attempt is made; sent as a whole Unix second. */
  at: Date;
  body: string;
}

const PRIVATE_KEY_PREFIX = "whsk_";

/** Of a shared secret (Standard Webhooks 1.0.0, "signature scheme"). */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** An ed25519 private key as the specification writes it: the seed, then the public key. */
const SEED_BYTES = 32;
const PRIVATE_KEY_BYTES = 64;

/**
 * Makes the three headers of Standard Webhooks 1.0.0, with one signature over `id.timestamp.body` for each of
 * `secrets`, in their order. A `whsec_` secret gives `v1` (HMAC-SHA256), a `whsk_` one `v1a` (ed25519). Throws when
 * there is no secret, or one is neither or has fewer than 24 or more than 64 bytes; the error does not tell the secret.
 */
export function signatureHeaders(secrets: readonly string[], message: Message): Record<string, string> {
  if (secrets.length === 0) throw new Error("a webhook is never sent unsigned: the endpoint has no live secret");
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const signatures = secrets.map((secret) =>
    secret.startsWith(PRIVATE_KEY_PREFIX)
      ? asymmetricSignature(secret, `${message.id}.${timestamp}.${message.body}`)
      : sharedSecret(secret).sign(message.id, message.at, message.body),
  );
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

/** A key of one byte is guessed at once, and the npm package takes it. */
function sharedSecret(secret: string): Webhook {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64").length;
  if (bytes < MIN_SECRET_BYTES || bytes > MAX_SECRET_BYTES) {
    throw new Error(`a whsec_ secret is 24 to 64 bytes in base64; this one is ${bytes}`);
  }
  return new Webhook(secret);
}

/** The npm package `standardwebhooks` knows no `v1a`. */
function asymmetricSignature(secret: string, content: string): string {
  return `v1a,${sign(null, Buffer.from(content), privateKey(secret)).toString("base64")}`;
}

function privateKey(secret: string): KeyObject {
  const bytes = Buffer.from(secret.slice(PRIVATE_KEY_PREFIX.length), "base64");
  if (bytes.length !== PRIVATE_KEY_BYTES) throw new Error("a whsk_ secret is 64 bytes in base64: seed and public key");
  const d = bytes.subarray(0, SEED_BYTES).toString("base64url");
  const x = bytes.subarray(SEED_BYTES).toString("base64url");
  const key = createPrivateKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", d, x } });
  // Nobody could verify what is signed with a seed that belongs to another public key.
  if (createPublicKey(key).export({ format: "jwk" }).x !== x) throw new Error("a whsk_ secret's two halves differ");
  return key;
}
