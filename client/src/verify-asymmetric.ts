import { WebhookVerificationError } from "standardwebhooks";

const PUBLIC_KEY_PREFIX = "whpk_";
const KEY_BYTES = 32;

/** Greatest distance of a timestamp from now, in both directions, as in `standardwebhooks`. */
const TOLERANCE_SECONDS = 300;

/** True for a key that verifies `v1a` signatures. */
export function isPublicKey(key: string): boolean {
  return key.startsWith(PUBLIC_KEY_PREFIX);
}

/**
 * Verifies a `v1a` signature (ed25519), with the headers, the tolerance and the errors that `standardwebhooks` has for
 * `v1`. `headers` have names in lower case. Throws `WebhookVerificationError` for a webhook that does not verify, and
 * another error when `publicKey` is not 32 bytes in base64 or the runtime has no `node:crypto`.
 */
export function verifyAsymmetric(publicKey: string, headers: Record<string, string>, body: string): void {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  const { createPublicKey, verify } = nodeCrypto();
  const bytes = Buffer.from(publicKey.slice(PUBLIC_KEY_PREFIX.length), "base64");
  if (bytes.length !== KEY_BYTES) throw new Error("A public key is whpk_ and 32 bytes in base64.");
  const x = bytes.toString("base64url");
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
  if (!id || !timestamp || !signatures) throw new WebhookVerificationError("Missing required headers");
  const content = Buffer.from(`${id}.${nearSeconds(timestamp)}.${body}`);
  const isSigned = signatures.split(" ").some((signature) => {
    const [version, base64 = ""] = signature.split(",");
    return version === "v1a" && verify(null, content, key, Buffer.from(base64, "base64"));
  });
  if (!isSigned) throw new WebhookVerificationError("No matching signature found");
}

function nearSeconds(timestamp: string): number {
  const seconds = Number.parseInt(timestamp, 10);
  const now = Math.floor(Date.now() / 1000);
  if (Number.isNaN(seconds)) throw new WebhookVerificationError("Invalid Signature Headers");
  if (now - seconds > TOLERANCE_SECONDS) throw new WebhookVerificationError("Message timestamp too old");
  if (seconds > now + TOLERANCE_SECONDS) throw new WebhookVerificationError("Message timestamp too new");
  return seconds;
}

/** Gets `node:crypto` at run time, so that programs that use secrets only run, and bundle, without it. */
function nodeCrypto() {
  const crypto: typeof import("node:crypto") | undefined = globalThis.process?.getBuiltinModule?.("node:crypto");
  if (!crypto) throw new Error("A public key verifies webhooks only where node:crypto exists: Node 20.16 and later.");
  return crypto;
}
