import { createPublicKey, verify } from "node:crypto";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

/** A key that may have signed a message, and its owner: `the owner's secret`, `endpoint abc`. */
export interface KnownKey {
  name: string;
  /** `whsec_` + base64 for `v1`, or the public key `whpk_` + base64 for `v1a`. */
  key: string;
}

/** The outcome of a signature's check. */
export type Verification =
  | { outcome: "verified"; signedWith: string }
  | { outcome: "failed"; problem: string }
  | { outcome: "missing" };

const PUBLIC_KEY_PREFIX = "whpk_";

/** A message is believed this long before and after its timestamp, as Standard Webhooks' libraries do. */
const TOLERANCE_SECONDS = 300;

/**
 * Checks a message as a subscriber would: `v1` with the library Standard Webhooks publishes, `v1a` with Node alone. The
 * first key that fits names the signer; of those that do not, the last one's problem is told.
 */
export function verifySignature(
  headers: Record<string, string>,
  body: string,
  keys: readonly KnownKey[],
): Verification {
  if (headers["webhook-signature"] === undefined) return { outcome: "missing" };
  let problem = "no key is known for this message";
  for (const { name, key } of keys) {
    const found = key.startsWith(PUBLIC_KEY_PREFIX)
      ? problemOfV1a(key, headers, body)
      : problemOfV1(key, headers, body);
    if (found === undefined) return { outcome: "verified", signedWith: name };
    problem = `${found} (tried: ${keys.map((tried) => tried.name).join(", ")})`;
  }
  return { outcome: "failed", problem };
}

function problemOfV1(secret: string, headers: Record<string, string>, body: string): string | undefined {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return undefined;
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    return error.message;
  }
}

function problemOfV1a(publicKey: string, headers: Record<string, string>, body: string): string | undefined {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
  if (id === undefined || timestamp === undefined) return "Missing required headers";
  const ageSeconds = Date.now() / 1000 - Number(timestamp);
  if (!/^\d+$/.test(timestamp)) return "Invalid Signature Headers";
  if (ageSeconds > TOLERANCE_SECONDS) return "Message timestamp too old";
  if (ageSeconds < -TOLERANCE_SECONDS) return "Message timestamp too new";
  const x = Buffer.from(publicKey.slice(PUBLIC_KEY_PREFIX.length), "base64").toString("base64url");
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
  const signed = Buffer.from(`${id}.${timestamp}.${body}`);
  const isSigned = signatures
    .split(" ")
    .filter((signature) => signature.startsWith("v1a,"))
    .some((signature) => verify(null, signed, key, Buffer.from(signature.slice("v1a,".length), "base64")));
  return isSigned ? undefined : "No matching signature found";
}
