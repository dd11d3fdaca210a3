import { Webhook } from "standardwebhooks";

/** What one attempt sends. `body` is signed and sent as this very string. */
export interface Message {
  /** The `webhook-id`: the same on every attempt. */
  id: string;
  /** When this attempt is made; sent as a whole Unix second. */
  at: Date;
  body: string;
}

/**
 * The three headers of Standard Webhooks 1.0.0, with one `v1` signature (HMAC-SHA256 over `id.timestamp.body`) for each
 * of `secrets`, in their order. Throws when there is no secret, or one is not `whsec_` and base64.
 */
export function signatureHeaders(secrets: readonly string[], message: Message): Record<string, string> {
  if (secrets.length === 0) throw new Error("a webhook is never sent unsigned: the endpoint has no live secret");
  const signatures = secrets.map((secret) => new Webhook(secret).sign(message.id, message.at, message.body));
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(Math.floor(message.at.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}
