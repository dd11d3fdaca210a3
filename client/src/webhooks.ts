import { WebhookEvent } from "@baton/protocol";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { isPublicKey, verifyAsymmetric } from "./verify-asymmetric.ts";

export type { EndpointEvent, JobEvent, WebhookEvent } from "@baton/protocol";

/** Headers of a request: a `Headers`, Node's `IncomingHttpHeaders`, or a plain object in any letter case. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Says why a webhook was not believed. Answer 400 and do nothing else with it. */
export class WebhookError extends Error {
  /** `signature`: wrong secret, changed body, missing headers, or older (newer) than 5 minutes. `event`: signed, but not an event this version knows. */
  readonly code: "signature" | "event";

  constructor(code: WebhookError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WebhookError";
    this.code = code;
  }
}

/**
 * Verifies a Standard Webhooks 1.0.0 signature and reads the event, whose `type` says what its `data` is: about a job
 * (`job.*`) or about an endpoint (`endpoint.*`). Throws `WebhookError`, and another error for a key that is none.
 * `body` is the request's body exactly as it came: parsed and printed again it has another signature.
 * `keys` is a secret, `whsec_` + base64, which verifies `v1`; a public key, `whpk_` + base64, which verifies `v1a`; or several,
 * such as the `publicKeys` of an endpoint, one of which has to fit. Public keys need Node's crypto (Node 20.16 and later, and
 * what is compatible with it), because Web Crypto would have every caller wait. One webhook may arrive twice: remember `webhook-id`.
 */
export function verifyWebhook(keys: string | readonly string[], headers: WebhookHeaders, body: string): WebhookEvent {
  checkSignature(typeof keys === "string" ? [keys] : keys, plainHeaders(headers), body);
  const event = WebhookEvent.safeParse(parsed(body));
  if (!event.success) {
    throw new WebhookError("event", "The webhook is signed but is no event known here.", { cause: event.error });
  }
  return event.data;
}

/** The key alone says how it verifies: what a sender may choose is only which of its signatures fits. */
function checkSignature(keys: readonly string[], headers: Record<string, string>, body: string): void {
  let refusal = new WebhookError("signature", "There is no key to verify the webhook with.");
  for (const key of keys) {
    try {
      if (isPublicKey(key)) verifyAsymmetric(key, headers, body);
      else new Webhook(key).verify(body, headers, { jsonParse: false });
      return;
    } catch (cause) {
      if (!(cause instanceof WebhookVerificationError)) throw cause;
      refusal = new WebhookError("signature", cause.message, { cause });
    }
  }
  throw refusal;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new WebhookError("event", "The webhook's body is not JSON.", { cause });
  }
}

/** A header that came more than once is left out: none of its values can be trusted over the others. */
function plainHeaders(headers: WebhookHeaders): Record<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === "string" ? [[name.toLowerCase(), value]] : [])),
  );
}
