import { Webhook, WebhookVerificationError } from "standardwebhooks";

/** A secret that may have signed a message, and whose it is: `the owner`, `endpoint abc`. */
export interface KnownSecret {
  name: string;
  secret: string;
}

/** What came of checking a signature. */
export type Verification =
  | { outcome: "verified"; signedWith: string }
  | { outcome: "failed"; problem: string }
  | { outcome: "missing" };

/** Checks a message as a subscriber would, with the library Standard Webhooks publishes; the first secret that fits names the signer. */
export function verifySignature(headers: Record<string, string>, body: string, secrets: KnownSecret[]): Verification {
  if (headers["webhook-signature"] === undefined) return { outcome: "missing" };
  let problem = "no secret is known for this message";
  for (const { name, secret } of secrets) {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false });
      return { outcome: "verified", signedWith: name };
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      problem = error.message;
    }
  }
  return { outcome: "failed", problem };
}
