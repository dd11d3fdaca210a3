import { createHmac, createPrivateKey, sign } from "node:crypto";
import { WebhookError } from "../../../client/src/webhooks.ts";

const KEY = Buffer.alloc(32, 7);
/** The secret of `signed`. */
export const SECRET = `whsec_${KEY.toString("base64")}`;
/** The first half of the specification's private key; the second half is `PUBLIC_KEY`. */
const SEED = "6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=";
/** The key that verifies `signedAsymmetrically`. */
export const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
/** An event about a job. */
export const EVENT = {
  type: "job.completed",
  timestamp: "2026-01-02T03:04:05.000Z",
  data: {
    jobId: "abcdefghij0123456789",
    type: "video.analysis",
    owner: "ada",
    status: "completed",
    attempt: 1,
    durationMs: 5,
    tags: [],
    metadata: {},
    resultUrl: "https://api.example.com/v1/jobs/abcdefghij0123456789/result",
  },
};

/** Signs as Standard Webhooks 1.0.0 says, by hand: HMAC-SHA256 over `id.timestamp.body`, seconds since 1970. */
export function signed(body: string, atMs = Date.now(), key = KEY) {
  return headersOf(body, atMs, (content) => `v1,${createHmac("sha256", key).update(content).digest("base64")}`);
}

/** The same with ed25519, by the private key of `PUBLIC_KEY`. */
export function signedAsymmetrically(body: string, atMs = Date.now()) {
  const urlSafe = (base64: string) => Buffer.from(base64, "base64").toString("base64url");
  const jwk = { kty: "OKP", crv: "Ed25519", d: urlSafe(SEED), x: urlSafe(PUBLIC_KEY.slice(5)) };
  const key = createPrivateKey({ format: "jwk", key: jwk });
  return headersOf(body, atMs, (content) => `v1a,${sign(null, Buffer.from(content), key).toString("base64")}`);
}

function headersOf(body: string, atMs: number, signatureOf: (content: string) => string) {
  const seconds = String(Math.floor(atMs / 1000));
  const signature = signatureOf(`msg_1.${seconds}.${body}`);
  const headers = { "webhook-id": "msg_1", "webhook-timestamp": seconds, "webhook-signature": signature };
  return { headers, body };
}

/** For `assert.throws`. */
export function refusal(code: WebhookError["code"]): (error: unknown) => boolean {
  return (error) => error instanceof WebhookError && error.code === code;
}
