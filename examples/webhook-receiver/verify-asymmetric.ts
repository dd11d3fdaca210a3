import { createPublicKey, verify } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const TOLERANCE_SECONDS = 300;

/** Gives the event of a webhook. Throws when `publicKey` (`whpk_...`) does not fit, or its timestamp is too far away. */
export function verifyAsymmetric(publicKey: string, headers: IncomingHttpHeaders, body: string): unknown {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  const isNear = Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  if (!isNear) throw new Error("the webhook is too old, too new, or has no timestamp");
  const x = Buffer.from(publicKey.replace(/^whpk_/, ""), "base64").toString("base64url");
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
  const content = Buffer.from(`${id}.${timestamp}.${body}`);
  for (const signature of String(signatures ?? "").split(" ")) {
    const [version, base64 = ""] = signature.split(",");
    if (version === "v1a" && verify(null, content, key, Buffer.from(base64, "base64"))) return JSON.parse(body);
  }
  throw new Error("no signature of the webhook fits");
}
